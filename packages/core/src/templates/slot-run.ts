import { type Context, Drop, type Emitter } from 'liquidjs';
import type { PlainGroup } from './plain-data.ts';

/** An expression of a template as a function, which answers what Liquid would. */
export type Read = (run: SlotRun) => unknown;

/** A node of a template as a function, which writes what Liquid would. */
export type Step = (run: SlotRun) => void;

/** Of a name that nothing was assigned to yet. */
export const UNASSIGNED = Symbol('unassigned');

/** One part of one message while its translated nodes render it. */
export class SlotRun {
  /** For Liquid's filters, and for its limits of memory and time. */
  readonly context: Context;
  readonly data: PlainGroup;
  /** Where nodes write: the part's slots, or what is captured. */
  output: Emitter;
  /** What `assign` and `capture` have named, by the number of the name. */
  readonly assigned: unknown[];
  /** Of the loops that are open, outermost first: the row and the `forloop` of each. */
  readonly rows: unknown[] = [];
  readonly loops: Forloop[] = [];
  /** Set by `break` and `continue`, until their loop has seen it. */
  isBroken = false;
  isContinued = false;
  /** Where each `cycle` stands. */
  readonly cycles = new Map<string, number>();

  constructor(context: Context, data: PlainGroup, output: Emitter, assigned: unknown[]) {
    this.context = context;
    this.data = data;
    this.output = output;
    this.assigned = assigned;
  }

  /** Liquid looks at the clock at every node; here it is looked at wherever more than a few characters are worked on. */
  checkTime(): void {
    this.context.renderLimit.check(performance.now());
  }
}

/** What templates know as `forloop`. Its own values, their order and `valueOf` are those that Liquid's own has, which is not exported. */
export class Forloop extends Drop {
  i = 0;
  readonly length: number;
  readonly name: string;

  constructor(length: number, name: string) {
    super();
    this.length = length;
    this.name = name;
  }

  next(): void {
    this.i += 1;
  }

  index0(): number {
    return this.i;
  }

  index(): number {
    return this.i + 1;
  }

  first(): boolean {
    return this.i === 0;
  }

  last(): boolean {
    return this.i === this.length - 1;
  }

  rindex(): number {
    return this.length - this.i;
  }

  rindex0(): number {
    return this.length - this.i - 1;
  }

  override valueOf(): string {
    return JSON.stringify(this);
  }
}
