import { describe, expect, it } from 'vitest';
import { tags as salonTags } from '../messages/salon.test-kit.ts';
import { expectRefused, openStoredSalon } from './stored-salon.test-kit.ts';

const to = { email: 'anna@example.dk' };
const tags = {
  ...salonTags,
  'order.lines': { label: 'Lines', type: 'list', of: { name: 'text' } },
} as const;
const thousand = { order: { lines: Array.from({ length: 1000 }, () => ({ name: 'x' })) } };

const times = (count: number, text: string) => text.repeat(count);
const nested = (depth: number, open: string, inner: string, close: string) =>
  times(depth, open) + inner + times(depth, close);
const rows = '{% for row in order.lines %}';

/** Small to write, endless to render. */
const dear: readonly (readonly [string, string])[] = [
  ['a million turns', '{% for i in (1..1000000) %}{% for j in (1..1000000) %}x{% endfor %}{% endfor %}'],
  ['a long range', '{% for i in (1..100000000) %}{% endfor %}'],
  ['an endless range', '{% for i in (1..9007199254740991) %}x{% endfor %}'],
  ['a list of numbers', '{{ (1..99999999) | join: "" }}'],
  ['loops within loops', nested(6, rows, '{{ row.name }}', '{% endfor %}')],
  ['silent loops within loops', nested(6, rows, '', '{% endfor %}')],
  [
    'a text that doubles',
    `{% assign a = "aaaaaaaaaa" %}${times(40, '{% assign a = a | append: a %}')}{{ a }}`,
  ],
  [
    'a text that doubles in a capture',
    `{% assign a = "aaaaaaaaaa" %}${times(40, '{% capture a %}{{ a }}{{ a }}{% endcapture %}')}{{ a }}`,
  ],
  [
    'a text that doubles by replacing',
    `{% assign a = "aa" %}${times(30, '{% assign a = a | replace: "a", "aa" %}')}{{ a }}`,
  ],
  [
    'a list that doubles',
    `{% assign a = "a,a,a" | split: "," %}${times(40, '{% assign a = a | concat: a %}')}{{ a | size }}`,
  ],
];

/** Deeper or larger than any template is. */
const large: readonly (readonly [string, string])[] = [
  ['ten thousand blocks within blocks', nested(10_000, '{% if true %}', 'x', '{% endif %}')],
  ['a hundred loops within loops', nested(100, '{% for i in (1..2) %}', 'x', '{% endfor %}')],
  ['a hundred thousand outputs', times(100_000, '{{ customer.firstName }}')],
  ['more than a million characters', times(1_000_001, 'x')],
  ['a condition of many brackets', `{% if ${times(20_000, 'customer[')}x${times(20_000, ']')} %}{% endif %}`],
];

describe('a template that would never end', () => {
  it.each(dear)('is refused when it is filled in, and no message is written: %s', async (_, html) => {
    const { posthorn, file } = await openStoredSalon({ tags });
    const email = { subject: 'S', html };
    // The limits say what it may cost; a slow machine is given ten times that.
    const startedAt = performance.now();
    const send = () => posthorn.send({ to, email, data: thousand as never });
    const error = await expectRefused(file, send, { code: 'template_limit', path: 'email.html' });
    expect(performance.now() - startedAt).toBeLessThan(10_000);
    expect(error.message.length).toBeLessThan(1_000);
  });

  it.each(large)('is refused when it is saved: %s', async (_, html) => {
    const { posthorn, file } = await openStoredSalon({ tags });
    const refusal = { code: 'template_limit', path: 'email.html' };
    await expectRefused(
      file,
      () => posthorn.templates.save({ key: 'bomb', email: { subject: 'S', html } }),
      refusal,
    );
    await expectRefused(file, () => posthorn.send({ to, email: { subject: 'S', html } }), refusal);
    await expectRefused(file, () => posthorn.preview({ email: { subject: 'S', html } }), refusal);
  });

  it('by snippets that include each other', async () => {
    const { posthorn } = await openStoredSalon({ tags });
    const include = (key: string) => `{% render "${key}" %}{% render "${key}" %}`;
    await posthorn.templates.save({ key: 's0', snippet: { html: 'x'.repeat(1_000), text: 'x' } });
    const chain = async () => {
      for (let n = 1; n < 30; n += 1) {
        await posthorn.templates.save({ key: `s${n}`, snippet: { html: include(`s${n - 1}`), text: 'x' } });
      }
    };
    await expect(chain()).rejects.toThrow(
      expect.objectContaining({
        code: 'template_limit',
        path: expect.stringMatching(/^snippet\.(html|text)$/),
      }),
    );
    const itself = () => posthorn.templates.save({ key: 's0', snippet: { html: include('s0'), text: 'x' } });
    await expect(itself()).rejects.toThrow(
      expect.objectContaining({ path: expect.stringMatching(/^snippet/) }),
    );
  });
});

describe('a megabyte of subject', () => {
  const megabyte = 'A'.repeat(1_000_000);

  it('is refused as it stands', async () => {
    const { posthorn, file } = await openStoredSalon({ tags });
    const email = { subject: megabyte, text: 'T' };
    const refusal = { code: 'template_limit', path: 'email.subject' };
    await expectRefused(file, () => posthorn.send({ to, email }), refusal);
    await expectRefused(file, () => posthorn.templates.save({ key: 't', email }), refusal);
    await expectRefused(file, () => posthorn.preview({ email }), refusal);
    const internal = { title: megabyte, body: 'B' };
    await expectRefused(file, () => posthorn.templates.save({ key: 't', internal }), {
      ...refusal,
      path: 'internal.title',
    });
  });

  it.each([
    ['a tag', '{{ customer.firstName }}'],
    ['a loop', '{% for i in (1..100000) %}{{ customer.firstName | slice: 0, 10 }}{% endfor %}'],
  ])('is refused where %s makes it', async (_, subject) => {
    const { posthorn, file } = await openStoredSalon({ tags });
    await posthorn.templates.save({ key: 't', email: { subject, text: 'T' } });
    const data = { customer: { firstName: megabyte } };
    const send = () => posthorn.send({ template: 't', to, data });
    const error = await expectRefused(file, send, { code: 'template_limit', path: 'email.subject' });
    expect(error.message.length).toBeLessThan(1_000);
  });
});
