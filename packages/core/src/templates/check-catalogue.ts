import { ConfigurationError, type ErrorIssue, PosthornError } from '../errors.ts';
import { isPrototypeName, type TagCatalogue, type TagDefinition } from './tag.ts';
import { readTagValue } from './tag-data.ts';

const VALUE_TYPES: ReadonlySet<unknown> = new Set([
  'text',
  'number',
  'money',
  'date',
  'datetime',
  'boolean',
  'url',
]);

/** What Liquid reads as one name, without a hyphen at the end, which it takes for whitespace control. */
const SEGMENT = /^[\p{L}_](?:[\p{L}\p{N}_-]{0,98}[\p{L}\p{N}_])?$/u;

const FIELDS: ReadonlySet<string> = new Set(['label', 'group', 'type', 'of', 'example', 'sensitive']);

/** Names that Liquid or Posthorn give a meaning of their own. */
const RESERVED: ReadonlySet<string> = new Set([
  ...['true', 'false', 'nil', 'null', 'empty', 'blank', 'and', 'or', 'not', 'contains'],
  ...['now', 'forloop', 'unsubscribe'],
]);

/** What Liquid computes for lists and texts. */
const COMPUTED: ReadonlySet<string> = new Set(['size', 'first', 'last']);

/**
 * Checks the tag catalogue that `createPosthorn` was given, and answers a copy that the host can no longer change.
 *
 * @throws ConfigurationError `invalid_input`, with every problem in `issues`.
 */
export function checkCatalogue(input: unknown): TagCatalogue {
  if (!isRecord(input))
    throw refuse([{ path: 'tags', message: 'The tag catalogue is an object of tags by name.' }]);
  const names = Object.keys(input);
  const issues = names.flatMap((name) => {
    const path = `tags[${JSON.stringify(name)}]`;
    const message = nameProblem(name, names) ?? problemOf(input[name]);
    return message === undefined ? [] : [{ path, message }];
  });
  if (issues.length > 0) throw refuse(issues);
  return structuredClone(input) as TagCatalogue;
}

function nameProblem(name: string, names: readonly string[]): string | undefined {
  const segments = name.normalize() === name ? name.split('.') : [''];
  const bad = segments.find((segment) => !SEGMENT.test(segment));
  if (bad !== undefined) return 'Names are letters, digits, _ and -, joined by dots: customer.firstName.';
  const borrowed = segments.find(isPrototypeName);
  if (borrowed !== undefined) return `Every JavaScript object answers to “${borrowed}”: choose another name.`;
  const [root = ''] = segments;
  if (RESERVED.has(root) || root.startsWith('posthorn_'))
    return `“${root}” has a meaning of its own in templates.`;
  const computed = segments.find((segment) => COMPUTED.has(segment));
  if (computed !== undefined) return `Liquid computes “${computed}” itself: choose another name.`;
  const child = names.find((other) => other.startsWith(`${name}.`));
  return child === undefined ? undefined : `It cannot be both a value and the parent of “${child}”.`;
}

function problemOf(tag: unknown): string | undefined {
  if (!isRecord(tag)) return 'A tag is an object with at least a label.';
  const unknown = Object.keys(tag).find((field) => !FIELDS.has(field));
  if (unknown !== undefined) return `It has no field “${unknown}”: fields are ${[...FIELDS].join(', ')}.`;
  if (typeof tag.label !== 'string' || tag.label === '') return 'It needs a label, which is what people see.';
  if (tag.group !== undefined && typeof tag.group !== 'string') return 'Its group is text.';
  if (tag.sensitive !== undefined && typeof tag.sensitive !== 'boolean')
    return '`sensitive` is true or false.';
  const problem = tag.type === 'list' ? fieldProblem(tag.of) : typeProblem(tag);
  return problem ?? exampleProblem(tag as unknown as TagDefinition);
}

function typeProblem(tag: Readonly<Record<string, unknown>>): string | undefined {
  if (tag.of !== undefined) return 'Only a tag of type list has `of`.';
  if (tag.type === undefined || VALUE_TYPES.has(tag.type)) return undefined;
  return `Its type is one of ${[...VALUE_TYPES].join(', ')}, list.`;
}

function fieldProblem(fields: unknown): string | undefined {
  if (!isRecord(fields) || Object.keys(fields).length === 0) {
    return 'A list names the fields of its rows: of: { name: "text", price: "money" }.';
  }
  const bad = Object.keys(fields).find(
    (field) =>
      !SEGMENT.test(field) ||
      isPrototypeName(field) ||
      COMPUTED.has(field) ||
      !VALUE_TYPES.has(fields[field]),
  );
  return bad === undefined
    ? undefined
    : `Its field “${bad}” has a name or a type that cannot be used (types: ${[...VALUE_TYPES].join(', ')}).`;
}

function exampleProblem(tag: TagDefinition): string | undefined {
  if (tag.example === undefined) return undefined;
  const misfit = `Its example does not fit its type ${tag.type ?? 'text'}`;
  try {
    readTagValue(tag, structuredClone(tag.example), 'example');
    return undefined;
  } catch (error) {
    // Else it is something that cannot even be copied.
    return error instanceof PosthornError ? `${misfit}: ${error.message}` : `${misfit}.`;
  }
}

function refuse(issues: readonly ErrorIssue[]): ConfigurationError {
  const first = issues[0];
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : '';
  return new ConfigurationError('invalid_input', `${first?.path}: ${first?.message}${more}`, {
    path: first?.path,
    advice: 'Mend the tag catalogue that createPosthorn is given.',
    issues,
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
