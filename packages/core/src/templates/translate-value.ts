import { type Context, type Filter, TypeGuards, toValue, toValueSync, Value } from 'liquidjs';
import { escapeFilters } from './escape-filters.ts';
import { liquid } from './liquid.ts';
import { PlainGroup } from './plain-data.ts';
import { type Read, type SlotRun, UNASSIGNED } from './slot-run.ts';
import { operationOf } from './translate-operator.ts';

/** Thrown for what only Liquid itself can render. */
export class Untranslatable extends Error {}

type Token = Value['initial']['postfix'][number];
type PropertyToken = Extract<Filter['args'][number], { readonly props: unknown }>;

/** What has a meaning of its own behind a dot. */
const COMPUTED: ReadonlySet<unknown> = new Set(['size', 'first', 'last']);

/** Translates the expressions of one part. What binds a name stands in the same part: names are resolved here, once. */
export class ValueTranslator {
  /** The number of every name that is assigned anywhere in the part. */
  readonly #assigned: ReadonlyMap<string, number>;
  /** What the loops around call their rows, outermost first. */
  readonly #loops: string[] = [];
  #inModifier = false;
  #varying = 0;

  constructor(assigned: ReadonlyMap<string, number>) {
    this.#assigned = assigned;
  }

  /** How much was translated until now that another message may read otherwise. */
  get varying(): number {
    return this.#varying;
  }

  /** Says that what is translated next may show something else in another message, or another time. */
  vary(): void {
    this.#varying += 1;
  }

  /** The number of a name that is assigned. */
  numberOf(name: string): number {
    this.vary();
    const number = this.#assigned.get(name);
    if (number === undefined) throw new Untranslatable(`An unknown name is assigned: ${name}`);
    return number;
  }

  /** Translates what stands in a loop, and tells it how many loops are around that one. */
  inLoop<Body>(row: string, translate: (depth: number) => Body): Body {
    if (row === 'forloop') throw new Untranslatable('A row hides the forloop that its loop counts with.');
    this.#loops.push(row);
    const body = translate(this.#loops.length - 1);
    this.#loops.pop();
    return body;
  }

  get isInLoop(): boolean {
    return this.#loops.length > 0;
  }

  /** `limit: 3` and the like of a loop. There, `continue` is where an earlier loop has ended. */
  modifier(token: Token | undefined): Read {
    if (token === undefined) return () => true;
    this.#inModifier = true;
    const read = this.token(token);
    this.#inModifier = false;
    return read;
  }

  /** An expression with its filters. */
  value({ initial, filters }: Value): Read {
    return filters.reduce((read, filter) => this.#filtered(read, filter), this.#expression(initial.postfix));
  }

  /** One operand. */
  token(token: Token): Read {
    if ('content' in token) {
      const { content } = token;
      return () => content;
    }
    if (TypeGuards.isPropertyAccessToken(token)) return this.#property(token);
    if (TypeGuards.isRangeToken(token)) return rangeOf(this.token(token.lhs), this.token(token.rhs));
    // Of a list of values to choose from.
    if (TypeGuards.isFilteredValueToken(token)) return this.value(new Value(token, liquid));
    throw new Untranslatable(`An operand of an unknown kind: ${token.kind}`);
  }

  #expression(postfix: readonly Token[]): Read {
    const operands: Read[] = [];
    for (const token of postfix) {
      if (TypeGuards.isOperatorToken(token)) {
        const right = operands.pop();
        const left = token.operator === 'not' ? right : operands.pop();
        if (left === undefined || right === undefined)
          throw new Untranslatable('An operator misses a value.');
        operands.push(operationOf(token.operator, left, right));
      } else {
        operands.push(this.token(token));
      }
    }
    const [read] = operands;
    if (read === undefined || operands.length > 1) throw new Untranslatable('There is not one value.');
    return read;
  }

  #property({ variable, props }: PropertyToken): Read {
    const root = variable === undefined ? this.#root(props[0]) : this.token(variable);
    const keys = variable === undefined ? props.slice(1) : props;
    if (keys.every((key) => 'content' in key)) {
      return keys.reduce((read, { content }) => propertyOf(read, toValue(content)), root);
    }
    const reads = keys.map((key) => this.token(key));
    return (run) => {
      // Liquid works out the names before it looks for the first of them.
      const names = reads.map((each) => toValue(each(run)));
      return names.reduce((value, name) => readProperty(value, name, run), root(run));
    };
  }

  /** The innermost of what bears the name: a loop's, one that is assigned, a tag, or what every message has. */
  #root(prop: PropertyToken['props'][number] | undefined): Read {
    this.vary();
    if (!TypeGuards.isWordToken(prop) && !TypeGuards.isQuotedToken(prop)) {
      throw new Untranslatable('A name is computed.');
    }
    const name = prop.content;
    if (this.#inModifier && name === 'continue') throw new Untranslatable('A loop continues another one.');
    for (let depth = this.#loops.length - 1; depth >= 0; depth -= 1) {
      if (this.#loops[depth] === name) return ({ rows }) => rows[depth];
      if (name === 'forloop') return ({ loops }) => loops[depth];
    }
    const tag: Read = ({ data, context }) => {
      const value = data[name];
      if (value !== undefined || name in data) return value;
      return context.readProperty(context.globals, name);
    };
    const number = this.#assigned.get(name);
    if (number === undefined) return tag;
    return (run) => {
      const value = run.assigned[number];
      return value === UNASSIGNED ? tag(run) : value;
    };
  }

  #filtered(value: Read, filter: Filter): Read {
    const { name } = filter;
    if (!Object.hasOwn(escapeFilters, name)) this.vary();
    const registered = liquid.filters[name];
    const handler = typeof registered === 'function' ? registered : registered?.handler;
    // Where the filter stands: Liquid keeps it to itself and those whom it calls.
    const token = Reflect.get(filter, 'token');
    if (handler === undefined || token === undefined) throw new Untranslatable(`An unknown filter: ${name}`);
    const args = filter.args.map((arg) => this.#argument(arg));
    const call: Read = (run) => {
      const given = value(run);
      const filterThis = { context: run.context, token, liquid };
      if (args.length === 0) return handler.call(filterThis, given);
      return handler.call(filterThis, given, ...args.map((read) => read(run)));
    };
    // Escapes are as quick as what they charge to memory is short; others may walk through all data for nothing.
    if (Object.hasOwn(escapeFilters, name)) return call;
    return (run) => {
      run.checkTime();
      return toValueSync(call(run));
    };
  }

  #argument(arg: Filter['args'][number]): Read {
    if (!Array.isArray(arg)) return this.token(arg);
    const [name, token] = arg;
    const read = token === undefined ? () => undefined : this.token(token);
    return (run) => [name, read(run)];
  }
}

function propertyOf(read: Read, name: unknown): Read {
  if (typeof name !== 'string' || COMPUTED.has(name)) return (run) => readProperty(read(run), name, run);
  return (run) => {
    const value = read(run);
    return value instanceof PlainGroup ? value[name] : readProperty(value, name, run);
  };
}

function readProperty(value: unknown, name: unknown, { context }: SlotRun): unknown {
  if (value === undefined || value === null) return value;
  type Of = Parameters<Context['readProperty']>;
  return toValueSync(context.readProperty(value as Of[0], name as Of[1]));
}

function rangeOf(low: Read, high: Read): Read {
  return (run) => {
    const from = toValue(low(run));
    const to = toValue(high(run));
    run.context.memoryLimit.use(to - from + 1);
    const numbers: number[] = [];
    const end = Number(to) + 1;
    for (let number = Number(from); number < end; number += 1) {
      // So large that one more is no more: it would never end.
      if (number + 1 === number) throw new RangeError('Invalid array length');
      numbers.push(number);
    }
    return numbers;
  };
}
