import fc from 'fast-check';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { compile, reader, smsOf } from './compiling.test-kit.ts';
import { hostileData } from './hostile-data.test-kit.ts';
import { parseLiquid } from './liquid.ts';
import { plainData } from './plain-data.ts';
import type { Reader } from './reader.ts';
import { explainedFailure } from './render-compiled.ts';
import { globalsFor } from './render-context.ts';
import { renderSlots } from './render-slots.ts';
import { isSlot } from './skeleton.ts';
import { template } from './slot-program.test-kit.ts';
import { liquidSlots, type SlotNode, type SlotProgram, translateSlots } from './slot-program.ts';

const anyReader: fc.Arbitrary<Reader> = fc.record({
  locale: fc.constantFrom('da-DK', 'en-GB', 'ar-EG'),
  timeZone: fc.constantFrom('Europe/Copenhagen', 'America/New_York', 'Asia/Kathmandu'),
  now: fc.constantFrom(0, Date.UTC(2026, 10, 27, 23, 30)),
  unsubscribeUrl: fc.constantFrom(undefined, 'https://example.com/u'),
});

function nodesOf(source: string): SlotNode[] {
  return parseLiquid(source, 'sms.text').map((node) => ({ node, isSlot: isSlot(node) }));
}

/** What a message gets to read, or what the host is told. */
function outcomeOf(program: SlotProgram | undefined, data: object, to: Reader): unknown {
  if (program === undefined) return 'not translated';
  const plain = plainData(data);
  frozen(plain);
  try {
    return program({ data: plain, globals: globalsFor(to), path: 'sms.text' });
  } catch (error) {
    const known = explainedFailure(error, 'sms.text');
    if (!(known instanceof Error)) throw error;
    return { ...known, message: known.message };
  }
}

function isLimit(outcome: unknown): boolean {
  return (
    typeof outcome === 'object' && outcome !== null && 'code' in outcome && outcome.code === 'template_limit'
  );
}

/** Who writes to it fails. */
function frozen(value: unknown): void {
  if (typeof value !== 'object' || value === null) return;
  Object.freeze(value);
  Object.values(value).forEach(frozen);
}

/** The row and the number of the inner loop, then those of the outer one. */
const LOOPS =
  '{% for x in a %}{% for x in x %}{{ forloop.index0 }}:{{ x }} {% endfor %}{% if forloop.last %}{{ forloop.first | json }}{% endif %}{% endfor %}';

describe('a translated part', () => {
  it('says what Liquid says of any template, data and reader, or fails as Liquid does', () => {
    fc.assert(
      fc.property(template, hostileData, anyReader, (source, data, to) => {
        const nodes = nodesOf(source);
        const program = translateSlots(nodes);
        const expected = outcomeOf(liquidSlots(nodes), data, to);
        // When Liquid is out of time, this need not be.
        if (isLimit(expected)) return;
        expect(outcomeOf(program, data, to)).toEqual(expected);
        // What it has kept of the first message is in no other.
        expect(outcomeOf(program, data, to)).toEqual(expected);
      }),
      { numRuns: 1000 },
    );
  });

  it.each([
    ['a value that is no value hides what every message has', '{{ now | json }}', { now: () => 'x' }, ['']],
    [
      'what is behind nothing is nothing of the same kind',
      '{{ a.b | json }}{{ c.d | json }}',
      { a: null },
      ['null', ''],
    ],
    [
      'every branch that fits is taken',
      '{% case a %}{% when 1 %}x{% when 1, 2 %}y{% endcase %}',
      { a: 1 },
      ['xy'],
    ],
    ['what counts is what loops around bind last', LOOPS, { a: [[1, 2], [3]] }, ['0:1 1:2 0:3 false']],
    [
      'what was assigned in a loop stays',
      '{% for i in (1..3) %}{% assign a = i %}{% endfor %}{{ a }}',
      {},
      ['', '3'],
    ],
  ])('%s', (_, source, data, slots) => {
    expect(outcomeOf(translateSlots(nodesOf(source)), data, reader)).toEqual(slots);
  });

  it('renders a slot without tags only once', () => {
    const clock = vi.spyOn(performance, 'now');
    const program = translateSlots(nodesOf('{% for i in (1..900) %}x{% endfor %}'));
    const looks = () => {
      clock.mockClear();
      expect(outcomeOf(program, {}, reader)).toEqual(['x'.repeat(900)]);
      return clock.mock.calls.length;
    };
    const first = looks();
    expect(looks()).toBeLessThan(first / 10);
  });

  it.each([
    ['writes dates', '{% assign x = a | date: b %}{% assign y = a | date: b %}'],
    ['compares in a short loop', '{% for i in (1..3) %}{% if a == b %}{% endif %}{% endfor %}'],
  ])('ends when its time is up, though it only %s', (_, source) => {
    let now = 0;
    vi.spyOn(performance, 'now').mockImplementation(() => {
      now += 600;
      return now;
    });
    onTestFinished(() => void vi.restoreAllMocks());
    const data = { a: '2026-11-27', b: '%A '.repeat(100) };
    const outcome = outcomeOf(translateSlots(nodesOf(source)), data, reader);
    expect(outcome).toMatchObject({ code: 'template_limit', path: 'sms.text' });
  });

  it('ends a range whose numbers are too large to count', () => {
    const source = '{% for i in (9007199254740992..9007199254740994) %}x{% endfor %}';
    const outcome = outcomeOf(translateSlots(nodesOf(source)), {}, reader);
    expect(outcome).toMatchObject({ code: 'template_limit', path: 'sms.text' });
  });
});

it.each([
  '{{ a | find: "[(from..9007199254740994).size]" }}',
  '{{ a | where: name | json }}',
  '{% assign name = "[(from..,9007199254740994).size]" | split: "," %}{{ a | group_by: name | json }}',
])('no filter reads a range from the name of a property: %s', async (text) => {
  const from = 9007199254740992;
  const data = { a: [{ from }], name: 'b[(from..9007199254740994).size]' };
  await expect(smsOf(text, data)).rejects.toMatchObject({ code: 'template_syntax', path: 'sms.text' });
});

describe('a part that is not translated', () => {
  it.each([
    [
      'a loop that continues another one',
      '{% for i in a limit: 2 %}{{ i }}{% endfor %}-{% for i in a offset: continue %}{{ i }}{% endfor %}',
      '12-3',
    ],
    ['a name that is computed', '{{ [b] }}{{ a | join: "," }}', 'x1,2,3'],
    ['dots that are no range', '{{ [b] }}{{ "a long text" | truncate: 9, "..." }}', 'xa long...'],
  ])('is rendered by Liquid: %s', async (_, text, expected) => {
    expect(translateSlots(nodesOf(text))).toBeUndefined();
    expect(await smsOf(text, { a: [1, 2, 3], b: 'c', c: 'x' })).toBe(expected);
  });

  it.each(['{% if a %}{% break %}{% endif %}', '{% for i in a %}{% else %}{% continue %}{% endfor %}'])(
    'leaves no loop, as that would cut what is the same in every message: %s',
    (text) => {
      expect(translateSlots(nodesOf(text))).toBeUndefined();
    },
  );

  it.each([
    '{% for i in (from..9007199254740994) %}x{% endfor %}',
    '{{ "}" | append: (from..9007199254740994) }}',
    '{% if "}" == b %}{% elsif b == (from..9007199254740994) %}{% endif %}',
    '{% assign a = b | concat: (from..9007199254740994) %}',
    '{% cycle b, (from..9007199254740994).last %}',
  ])(
    'is refused beside a range, which Liquid counts through for ever where its numbers are huge: %s',
    async (range) => {
      const text = `{{ [b] }}${range}`;
      await expect(smsOf(text, { b: 'c', from: 9007199254740992 })).rejects.toMatchObject({
        code: 'template_syntax',
        path: 'sms.text',
      });
      expect(await smsOf('{{ [b] }} and so on ... {% if c %}..{% endif %}', { b: 'c', c: 'x' })).toBe(
        'x and so on ... ..',
      );
    },
  );
});

describe('counters', () => {
  it.each([
    ['translated', ''],
    ['left to Liquid', '{% assign b = [a] %}'],
  ])('count in each part anew, and in the host’s data never: %s', async (_, before) => {
    const data = { n: 5 };
    const count = `${before}{% increment n %}{% increment n %}`;
    const compiled = await compile({ email: { subject: count, text: count } });
    expect(await renderSlots(compiled, { data, ...reader })).toEqual(['5', '6', '5', '6']);
    expect(data).toEqual({ n: 5 });
  });
});
