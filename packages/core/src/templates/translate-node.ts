import {
  AssignTag,
  BreakTag,
  CaptureTag,
  CaseTag,
  ContinueTag,
  CycleTag,
  DecrementTag,
  ForTag,
  IfTag,
  IncrementTag,
  isTruthy,
  Output,
  type Template,
  TypeGuards,
  toValue,
  UnlessTag,
  Value,
} from 'liquidjs';
import { Captured } from './bounded-capture.ts';
import { Forloop, type Read, type SlotRun, type Step } from './slot-run.ts';
import { namesBoundBy } from './template-nodes.ts';
import { isEqual } from './translate-operator.ts';
import { Untranslatable, type ValueTranslator } from './translate-value.ts';

/** Translates the nodes of one part: all that compiled sources are made of. */
export class NodeTranslator {
  readonly #values: ValueTranslator;
  #countsInData = false;

  constructor(values: ValueTranslator) {
    this.#values = values;
  }

  /** Whether one of the nodes counts: as in Liquid, counters stand among the tags. */
  get countsInData(): boolean {
    return this.#countsInData;
  }

  /** @throws Untranslatable */
  step(node: Template): Step {
    const { token } = node;
    if (TypeGuards.isHTMLToken(token)) {
      const text = token.getContent();
      return ({ output }) => output.write(text);
    }
    if (node instanceof Output) {
      const read = this.#values.value(node.value);
      return (run) => run.output.write(toValue(read(run)));
    }
    if (node instanceof IfTag || node instanceof UnlessTag) return this.#if(node);
    if (node instanceof CaseTag) return this.#case(node);
    if (node instanceof ForTag) return this.#for(node);
    if (node instanceof AssignTag) return this.#assign(node);
    if (node instanceof CaptureTag) return this.#capture(node);
    if (node instanceof CycleTag) return this.#cycle(node);
    if (node instanceof IncrementTag || node instanceof DecrementTag) return this.#count(node);
    if (node instanceof BreakTag || node instanceof ContinueTag) return this.#leave(node);
    throw new Untranslatable(`A node of an unknown kind: ${token.kind}`);
  }

  #list(nodes: readonly Template[]): Step {
    const steps = nodes.map((node) => this.step(node));
    return (run) => {
      for (const step of steps) {
        step(run);
        if (run.isBroken || run.isContinued) return;
      }
    };
  }

  #if({ branches, elseTemplates }: IfTag | UnlessTag): Step {
    const translated = branches.map((branch) => ({
      read: this.#values.value(branch.value),
      // `unless` is an `if` whose first condition must not hold.
      test: 'test' in branch ? branch.test : isTruthy,
      body: this.#list(branch.templates),
    }));
    const otherwise = this.#list(elseTemplates ?? []);
    return (run) => {
      for (const { read, test, body } of translated) {
        if (test(read(run), run.context)) return body(run);
      }
      return otherwise(run);
    };
  }

  #case({ value, branches, elseTemplates }: CaseTag): Step {
    const read = this.#values.value(value);
    const translated = branches.map(({ values, templates }) => ({
      candidates: values.map((token) => this.#values.token(token)),
      body: this.#list(templates),
    }));
    const otherwise = this.#list(elseTemplates);
    return (run) => {
      const target: unknown = toValue(read(run));
      let isHit = false;
      // Not only the first: every branch that fits is rendered.
      for (const { candidates, body } of translated) {
        if (!candidates.some((candidate) => isEqual(target, candidate(run), run))) continue;
        body(run);
        isHit = true;
      }
      if (!isHit) otherwise(run);
    };
  }

  #for({ variable, collection, hash, templates, elseTemplates }: ForTag): Step {
    const read = this.#values.token(collection);
    const modifiers = Object.entries(hash.hash).map(
      ([name, token]) => [name, this.#values.modifier(token)] as const,
    );
    const otherwise = this.#list(elseTemplates);
    const name = `${variable}-${collection.getText()}`;
    return this.#values.inLoop(variable, (depth) => {
      const body = this.#list(templates);
      return (run) => {
        run.checkTime();
        const all = rowsOf(toValue(read(run)));
        if (all.length === 0) return otherwise(run);
        const rows = modifiers.length === 0 ? all : chosen(all, modifiers, run);
        const loop = new Forloop(rows.length, name);
        run.loops[depth] = loop;
        for (const row of rows) {
          run.checkTime();
          run.rows[depth] = row;
          run.isBroken = false;
          run.isContinued = false;
          body(run);
          if (run.isBroken) break;
          loop.next();
        }
        run.isBroken = false;
        run.isContinued = false;
      };
    });
  }

  #assign(node: AssignTag): Step {
    const [value] = node.arguments();
    if (!(value instanceof Value)) throw new Untranslatable('Nothing is assigned.');
    const read = this.#values.value(value);
    const number = this.#values.numberOf(nameBoundBy(node));
    return (run) => {
      run.assigned[number] = read(run);
    };
  }

  #capture(node: CaptureTag): Step {
    const body = this.#list(node.templates);
    const number = this.#values.numberOf(nameBoundBy(node));
    return (run) => {
      const around = run.output;
      const captured = new Captured(run.context);
      run.output = captured;
      body(run);
      run.output = around;
      run.assigned[number] = captured.buffer;
    };
  }

  #cycle(node: CycleTag): Step {
    this.#values.vary();
    const args = [...node.arguments()];
    const candidates = args.filter((arg) => TypeGuards.isFilteredValueToken(arg));
    const group = args.find((arg) => !TypeGuards.isFilteredValueToken(arg));
    if (group instanceof Value) throw new Untranslatable('A cycle of an unknown kind.');
    const readGroup = group === undefined ? () => undefined : this.#values.token(group);
    const reads = candidates.map((token) => this.#values.token(token));
    const names = candidates.map((token) => token.getText()).join(',');
    return (run) => {
      const key = `${readGroup(run)}:${names}`;
      const turn = run.cycles.get(key) ?? 0;
      run.cycles.set(key, (turn + 1) % reads.length);
      const text: unknown = toValue(reads[turn]?.(run));
      // Liquid's cycles answer what they show, and a false answer shows nothing.
      if (text) run.output.write(text);
    };
  }

  #leave(node: BreakTag | ContinueTag): Step {
    // It would cut the nodes that follow, which may show the same in every message.
    if (!this.#values.isInLoop) throw new Untranslatable('There is no loop to leave.');
    if (node instanceof BreakTag) {
      return (run) => {
        run.isBroken = true;
      };
    }
    return (run) => {
      run.isContinued = true;
    };
  }

  /** `increment` shows what was counted until now and `decrement` what is left. */
  #count(node: IncrementTag | DecrementTag): Step {
    this.#values.vary();
    this.#countsInData = true;
    const name = nameBoundBy(node);
    const isUp = node instanceof IncrementTag;
    return ({ data, output }) => {
      const value = data[name];
      const count = typeof value === 'number' ? value : 0;
      data[name] = isUp ? count + 1 : count - 1;
      output.write(isUp ? count : count - 1);
    };
  }
}

function nameBoundBy(node: Parameters<typeof namesBoundBy>[0]): string {
  const [name] = namesBoundBy(node);
  if (name === undefined) throw new Untranslatable('A tag names nothing.');
  return name;
}

/** What a loop goes through: Liquid makes rows of texts and groups too. */
function rowsOf(value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value;
  if (typeof value === 'string') return value === '' ? [] : [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value);
}

/** The rows that `offset`, `limit` and `reversed` choose, in this order, wherever they stand. */
function chosen(
  all: readonly unknown[],
  modifiers: readonly (readonly [name: string, read: Read])[],
  run: SlotRun,
): readonly unknown[] {
  const given = new Map(modifiers.map(([name, read]) => [name, read(run)]));
  const from = given.get('offset');
  const count = given.get('limit');
  // What is no number is made one by `slice`, as Liquid has it.
  let rows = from === undefined ? all : all.slice(from as number);
  if (count !== undefined) rows = rows.slice(0, count as number);
  return given.get('reversed') === undefined ? rows : rows.toReversed();
}
