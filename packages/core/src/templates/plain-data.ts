import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';

const MAX_DEPTH = 20;

/**
 * Values by name with nothing behind them: what is read from one is its own. As bare as what `Object.create(null)` makes,
 * but V8 writes and reads the objects of a class several times quicker.
 */
export class PlainGroup {
  [name: string]: unknown;
}
Reflect.deleteProperty(PlainGroup.prototype, 'constructor');
Object.freeze(Object.setPrototypeOf(PlainGroup.prototype, null));

/**
 * A copy of tag data that holds nothing but values: no prototypes, getters, functions or promises. A template reaches what
 * it names and nothing behind it.
 */
export function plainData(data: object): PlainGroup {
  const plain = new PlainGroup();
  // Each with the name of the tag that it stands under.
  for (const name of Object.keys(data)) plain[name] = copy(Reflect.get(data, name), name, 1);
  return plain;
}

/** A group with the same values, to write to. */
export function copyGroup(group: PlainGroup): PlainGroup {
  return Object.assign(new PlainGroup(), group);
}

function copy(value: unknown, tag: string, depth: number): unknown {
  if (typeof value === 'function' || typeof value === 'symbol') return undefined;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  if (depth > MAX_DEPTH) {
    throw new InputError(
      'invalid_tag_value',
      `The tag ${quoted(tag)} is nested more than ${MAX_DEPTH} deep.`,
      {
        path: tag,
        advice: 'Give plain values, without objects that hold each other.',
      },
    );
  }
  if (Array.isArray(value)) return copyList(value, tag, depth);
  const plain = new PlainGroup();
  for (const name of Object.keys(value)) plain[name] = copy(Reflect.get(value, name), tag, depth + 1);
  return plain;
}

/** Not by its own `map`, which may be anybody's. Gaps stay gaps: filling them could take more memory than there is. */
function copyList(list: readonly unknown[], tag: string, depth: number): unknown[] {
  const plain = new Array<unknown>(list.length);
  for (let index = 0; index < list.length; index += 1) {
    if (index in list) plain[index] = copy(list[index], tag, depth + 1);
  }
  return plain;
}
