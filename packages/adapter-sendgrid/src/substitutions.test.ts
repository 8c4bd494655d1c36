import type { EmailEnvelope, SkeletonPiece } from '@posthorn/core';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deliver, settingsOf } from './account.test-kit.ts';
import { composeRequest } from './compose-request.ts';

const RUNS = Number(process.env.SUBSTITUTION_RUNS ?? 60);
const { skeleton } = emailEnvelope();

interface Content {
  readonly subject: readonly SkeletonPiece[];
  readonly text: readonly SkeletonPiece[];
  readonly html?: readonly SkeletonPiece[];
}

/** One content to several, each with values of their own. */
function messages(content: Content, values: readonly (readonly string[])[]): readonly EmailEnvelope[] {
  const { html: _html, ...base } = skeleton;
  const own = { ...base, ...content, slotCount: values[0]?.length ?? 0 };
  return values.map((slots, index) =>
    emailEnvelope({ skeleton: own, slots, to: { address: `customer-${index}@customers.example` } }),
  );
}

/** What everybody reads, and in how many requests it came. */
async function read(batch: readonly EmailEnvelope[]) {
  const { server, outcomes } = await deliver(batch);
  expect([...outcomes.values()].every(({ status }) => status === 'accepted')).toBe(true);
  const byAddress = new Map(
    server.messages.map(({ to, subject, text, html }) => [to, { subject, text, html }]),
  );
  return { requests: server.requests.length, of: ({ to }: EmailEnvelope) => byAddress.get(to.address) };
}

const filled = (pieces: readonly SkeletonPiece[], slots: readonly string[]) =>
  pieces.map((piece) => (typeof piece === 'string' ? piece : slots[piece])).join('');

describe('everybody reads their own values', () => {
  const content = {
    subject: ['For ', 0],
    text: ['Dear ', 0, 1, '.'],
    html: ['<p title="', 0, '">', 1, '</p>'],
  };

  it.each<[string, readonly string[]]>([
    ['a dollar pattern', ['$&', "$' $1 $$"]],
    [
      'marks of templates',
      ['{{ name }}', '{{{0}}} -name- %name% [%name%] *|NAME|* <%asm_group_unsubscribe_url%>'],
    ],
    ['quotes and backslashes', ['"Anna" \\ \\" \'', '\\u0041 \\n </script>']],
    ['emoji and other planes', ['👩‍👩‍👧 Åse 日本語', '𝒜\u0301']],
    ['right to left', ['\u202eanna\u202c', 'שלום، مرحبا']],
    ['controls and line ends', ['tab\there', 'a\r\nb\u2028c\u0085d\u0001']],
    ['nothing', ['', '']],
    ['half a character', ['\ud83d', 'a\udc00b']],
  ])('%s', async (_what, slots) => {
    const batch = messages(
      content,
      [slots, ['Bo', 'x'], slots.toReversed()].map((own) => own.map(clean)),
    );
    const { requests, of } = await read(batch);
    expect(requests).toBe(1);
    for (const envelope of batch) {
      const whole = envelope.slots.map((value) => value.toWellFormed());
      expect(of(envelope)).toEqual({
        subject: filled(content.subject, whole),
        text: filled(content.text, whole),
        html: filled(content.html, whole),
      });
    }
    function clean(value: string) {
      return value.replaceAll('\r\n', ' ');
    }
  });

  it('content without slots is the same for all', async () => {
    const batch = messages({ subject: ['News'], text: ['Hello'] }, [[], [], []]);
    const { requests, of } = await read(batch);
    expect(requests).toBe(1);
    expect(batch.map(of)).toEqual(Array(3).fill({ subject: 'News', text: 'Hello', html: undefined }));
  });

  it('content of HTML alone is that', async () => {
    const [envelope = emailEnvelope()] = messages({ subject: ['News'], text: [], html: ['<p>Hello'] }, [[]]);
    expect((await read([envelope])).of(envelope)).toEqual({
      subject: 'News',
      text: undefined,
      html: '<p>Hello',
    });
  });

  it('a subject of which nothing is left is a blank, as SendGrid wants one', async () => {
    const [envelope = emailEnvelope()] = messages({ subject: [0], text: ['Hello'] }, [['']]);
    expect((await read([envelope])).of(envelope)).toMatchObject({ subject: ' ', text: 'Hello' });
  });

  it('values that are longer than SendGrid substitutes go by themselves, ready', async () => {
    const values = [
      ['Anna'],
      ['é'.repeat(4_900)],
      ['é'.repeat(5_001)],
      ['x'.repeat(9_900)],
      ['x'.repeat(100_000)],
    ];
    const batch = messages({ subject: ['For you'], text: ['Dear ', 0] }, values);
    const { requests, of } = await read(batch);
    expect(requests).toBe(3);
    for (const envelope of batch) expect(of(envelope)?.text).toBe(`Dear ${envelope.slots[0]}`);
  });

  it('so do messages of more values than SendGrid has names for', async () => {
    const text = Array.from({ length: 101 }, (_, slot) => slot);
    const batch = messages({ subject: ['S'], text }, [text.map(String), text.map((slot) => `<${slot}>`)]);
    const { requests, of } = await read(batch);
    expect(requests).toBe(2);
    for (const envelope of batch) expect(of(envelope)?.text).toBe(envelope.slots.join(''));
  });

  it('whatever content and values are', async () => {
    const spiteful = fc.constantFrom(
      '-',
      '--',
      '0-',
      '-a0-',
      '$&',
      '{{',
      '}}',
      '"',
      '\\',
      '%',
      '👋',
      'ש',
      '\n',
    );
    const words = fc.array(fc.oneof(spiteful, fc.string({ unit: 'binary', maxLength: 8 })), { maxLength: 5 });
    const value = words.map((parts) => parts.join(''));
    const pieces = fc.array(fc.oneof(value, fc.nat(11)), { minLength: 1, maxLength: 12 });
    const values = fc.array(fc.array(value, { minLength: 12, maxLength: 12 }), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(pieces, pieces, values, async (text, html, rows) => {
        const batch = messages({ subject: ['S'], text: ['>', ...text], html: ['>', ...html] }, rows);
        const { requests, of } = await read(batch);
        expect(requests).toBe(1);
        for (const envelope of batch) {
          expect(of(envelope)).toEqual({
            subject: 'S',
            text: filled(['>', ...text], envelope.slots).toWellFormed(),
            html: filled(['>', ...html], envelope.slots).toWellFormed(),
          });
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a key', () => {
  const content = { subject: ['S'], text: ['Dear ', 0, ' and ', 1] };
  const bodyOf = (batch: readonly EmailEnvelope[], ...prefixes: readonly string[]) => {
    const rest = [...prefixes];
    return composeRequest(batch, settingsOf(), () => rest.shift() ?? 'zzzzzzzzzzzz').toString();
  };

  it.each([
    [
      'a customer is named like it',
      [
        ['-aaaaaaaaaaaa1-', 'x'],
        ['Bo', 'y'],
      ],
      {},
    ],
    [
      'half of it stands in a value, and half in the next',
      [
        ['-aaaaaaaaaaaa', '1-'],
        ['Bo', 'y'],
      ],
      {},
    ],
    [
      'it stands in the content',
      [
        ['Anna', 'x'],
        ['Bo', 'y'],
      ],
      { text: ['-aaaaaaaaaaaa0-', 0, 1] },
    ],
  ])('is made anew where %s', (_what, values, change) => {
    const batch = messages({ ...content, ...change }, values);
    const body = bodyOf(batch, 'aaaaaaaaaaaa', 'bbbbbbbbbbbb');
    expect(body).toContain('-bbbbbbbbbbbb0-');
    expect(body.match(/"-aaaaaaaaaaaa\d+-":/)).toBeNull();
  });

  it('is kept where nobody is named like it', () => {
    expect(
      bodyOf(
        messages(content, [
          ['Anna', 'x'],
          ['Bo', 'y'],
        ]),
        'aaaaaaaaaaaa',
      ),
    ).toContain('-aaaaaaaaaaaa0-');
  });

  it('is another one for each request', () => {
    const batch = messages(content, [
      ['Anna', 'x'],
      ['Bo', 'y'],
    ]);
    const keys = Array.from({ length: 50 }, () => composeRequest(batch, settingsOf()).toString());
    expect(new Set(keys).size).toBe(50);
  });

  it('stands in no message that goes alone', () => {
    const [alone = emailEnvelope()] = messages(content, [['Anna', 'x']]);
    expect(bodyOf([alone])).toContain('Dear Anna and x');
    expect(bodyOf([alone], 'aaaaaaaaaaaa')).not.toContain('aaaaaaaaaaaa');
  });
});
