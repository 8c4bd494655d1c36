import { describe, expect, it } from 'vitest';
import { anna, openSalon } from './salon.test-kit.ts';

const good = { template: 'booking', to: anna, data: { reservation: { startsAt: '2026-11-27T10:00' } } };
const adHoc = { to: anna, email: { subject: 'S', text: 'T' } };

/** What a caller without types may pass, and how the error says so. */
const refused: readonly (readonly [string, unknown, { code: string; path?: string }])[] = [
  ['nothing', undefined, { code: 'invalid_input' }],
  ['an unknown field', { ...good, temlpate: 'x' }, { code: 'invalid_input' }],
  ['nobody', { ...good, to: [] }, { code: 'invalid_input', path: 'to' }],
  ['a text as recipient', { ...good, to: 'anna@example.dk' }, { code: 'invalid_input', path: 'to' }],
  ['a list in an address', { ...good, to: { email: ['a@b.dk', 'c@d.dk'] } }, { code: 'invalid_address' }],
  [
    'two addresses in one',
    { ...good, to: { email: 'a@b.dk,c@d.dk' } },
    { code: 'invalid_address', path: 'to.email' },
  ],
  [
    'a bad address among good ones',
    { ...good, to: [anna, { email: 'x' }] },
    { code: 'invalid_address', path: 'to[1].email' },
  ],
  [
    'an unknown recipient',
    { ...good, to: { source: 'customers', id: '99' } },
    { code: 'unknown_recipient', path: 'to' },
  ],
  ['an unknown source', { ...good, to: { source: 'staff', id: '1' } }, { code: 'unknown_source' }],
  ['1,001 recipients', { ...good, to: Array(1001).fill(anna) }, { code: 'invalid_input', path: 'to' }],
  ['an unknown template', { ...good, template: 'bookings' }, { code: 'unknown_template' }],
  ['an unknown version', { ...good, version: 7 }, { code: 'unknown_template', path: 'version' }],
  ['no content', { to: anna }, { code: 'invalid_input', path: 'template' }],
  ['a template and content', { ...good, ...adHoc }, { code: 'invalid_input', path: 'email' }],
  ['a version without a template', { ...adHoc, version: 1 }, { code: 'invalid_input', path: 'version' }],
  ['an unknown channel', { ...good, channel: 'fax' }, { code: 'invalid_input', path: 'channel' }],
  ['a channel twice', { ...good, channel: ['sms', 'sms'] }, { code: 'invalid_input', path: 'channel' }],
  ['no channel of a list', { ...good, channel: [] }, { code: 'invalid_input', path: 'channel' }],
  [
    'a value of the wrong type',
    { ...good, data: { reservation: { startsAt: 'soon' } } },
    { code: 'invalid_tag_value', path: 'data.reservation.startsAt' },
  ],
  ['data that is no object', { ...good, data: ['Anna'] }, { code: 'invalid_tag_value', path: 'data' }],
  [
    'a line break in a header',
    { ...good, headers: { 'X-A': 'a\r\nBcc: e@e.dk' } },
    { code: 'header_injection', path: 'headers["X-A"]' },
  ],
  [
    'a header that is ours',
    { ...good, headers: { bcc: 'e@e.dk' } },
    { code: 'invalid_input', path: 'headers["bcc"]' },
  ],
  [
    'a line break in a reply-to',
    { ...good, replyTo: 'a@b.dk\r\nBcc: e@e.dk' },
    { code: 'invalid_address', path: 'replyTo' },
  ],
  [
    'a line break in a name',
    { ...good, to: { email: 'a@b.dk', name: 'A\r\nBcc: e@e.dk' } },
    { code: 'header_injection', path: 'to.name' },
  ],
  [
    'a line break in a subject',
    { to: anna, email: { subject: 'A\r\nBcc: e@e.dk', text: 'T' } },
    { code: 'header_injection', path: 'email.subject' },
  ],
  [
    'a megabyte of subject',
    { to: anna, email: { subject: 'A'.repeat(1_000_000), text: 'T' } },
    { code: 'template_limit', path: 'email.subject' },
  ],
  ['no subject', { to: anna, email: { text: 'T' } }, { code: 'template_subject_missing' }],
  [
    'a line break in the name of a file',
    { ...good, attachments: [{ filename: 'a\r\nb', content: 'x' }] },
    { code: 'header_injection' },
  ],
  [
    'a path as a file',
    { ...good, attachments: [{ filename: '../etc/passwd', content: 'x' }] },
    { code: 'invalid_input' },
  ],
  ['no time', { ...good, sendAt: 'tomorrow' }, { code: 'invalid_input', path: 'sendAt' }],
  ['an invalid Date', { ...good, sendAt: new Date(Number.NaN) }, { code: 'invalid_input', path: 'sendAt' }],
  ['an end before now', { ...good, expiresAt: new Date(0) }, { code: 'invalid_input', path: 'expiresAt' }],
  ['a locale that is none', { ...good, locale: 'no such thing' }, { code: 'invalid_input', path: 'locale' }],
  [
    'a zone that is none',
    { ...good, timeZone: 'Europe/Nowhere' },
    { code: 'invalid_input', path: 'timeZone' },
  ],
  ['an empty key', { ...good, key: '' }, { code: 'invalid_input', path: 'key' }],
  ['a signal that is none', { ...good, signal: {} }, { code: 'invalid_input', path: 'signal' }],
  ['a transaction that this backend cannot share', { ...good, tx: {} }, { code: 'tx_unsupported' }],
];

describe('send refuses, and writes nothing', () => {
  it.each(refused)('%s', async (_, input, expected) => {
    const { posthorn } = await openSalon();
    await expect(posthorn.send(input as typeof good)).rejects.toThrow(expect.objectContaining(expected));
    expect((await posthorn.messages.list()).items).toEqual([]);
  });

  it('one bad recipient among a hundred', async () => {
    const { posthorn } = await openSalon();
    const to = [...Array.from({ length: 100 }, (_, n) => ({ email: `n${n}@example.dk` })), { email: 'bad' }];
    await expect(posthorn.send({ ...good, to })).rejects.toThrow(
      expect.objectContaining({ path: 'to[100].email' }),
    );
    expect((await posthorn.messages.list()).items).toEqual([]);
  });

  it('a value that brings a line break or a megabyte into the subject', async () => {
    const { posthorn } = await openSalon();
    await posthorn.templates.save({
      key: 'named',
      email: { subject: 'Hej {{ customer.firstName }}', text: 'T' },
    });
    const send = (firstName: string) =>
      posthorn.send({ template: 'named', to: anna, data: { customer: { firstName } } });
    const { id } = await send('A\r\nBcc: e@e.dk').catch(() => ({ id: null }));
    if (id !== null) expect((await posthorn.messages.rendered(id)).subject).not.toMatch(/[\r\n]/);
    await expect(send('A'.repeat(1_000_000))).rejects.toThrow(
      expect.objectContaining({ path: 'email.subject' }),
    );
  });

  it('keys of data that every object answers to', async () => {
    const { posthorn } = await openSalon();
    const data = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}');
    const { id } = await posthorn.send({ ...good, data: { ...good.data, ...data } });
    expect((await posthorn.messages.rendered(id)).html).toBe('<p>Hej Anna</p>');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a closed instance', () => {
  it('says so', async () => {
    const { posthorn } = await openSalon();
    await posthorn.close();
    const closed = expect.objectContaining({ code: 'closed' });
    await expect(posthorn.send(good)).rejects.toThrow(closed);
    await expect(posthorn.messages.get('x')).rejects.toThrow(closed);
    await expect(posthorn.messages.list()).rejects.toThrow(closed);
    await expect(posthorn.messages.cancel('x')).rejects.toThrow(closed);
    await expect(posthorn.messages.resend('x')).rejects.toThrow(closed);
  });
});
