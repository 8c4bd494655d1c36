import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryContext } from '../memory-store.test-kit.ts';
import type { MessageRecord } from '../ports/index.ts';
import { checkBulkHeaders } from './check-bulk-headers.ts';
import { outgoingHeaders } from './unsubscribe-headers.ts';
import { readUnsubscribeToken } from './unsubscribe-token.ts';

const publicUrl = 'https://app.example.dk/messages';
const id = '019ac000-0000-7000-8000-000000000001';
const addressKey = '0123456789abcdef'.repeat(4);
const bulk = {
  id,
  tenant: 'salon-sol',
  channel: 'email',
  from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
  replyTo: null,
  address: 'anna@example.dk',
  addressKey,
  headers: { 'X-Campaign': 'storm' },
  broadcast: 'b1',
} as unknown as MessageRecord;
const { keyring } = await memoryContext().open();
const headersOf = (message: Partial<MessageRecord> = {}, url: string | null = publicUrl) =>
  outgoingHeaders({ publicUrl: url }, keyring, { ...bulk, ...message });
const linksOf = (headers: Readonly<Record<string, string>>) =>
  [...(headers['List-Unsubscribe'] ?? '').matchAll(/<([^>]*)>/g)].map(([, uri]) => new URL(uri ?? ''));

describe('bulk mail', () => {
  it('says where to unsubscribe: by one click, by a page, or by an email', async () => {
    const headers = await headersOf();
    expect(headers).toMatchObject({
      'X-Campaign': 'storm',
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
    expect(headers['List-Unsubscribe']).toMatch(
      /^<https:\/\/app\.example\.dk\/messages\/unsubscribe\/[\w-]+>, <mailto:hej@salonsol\.dk\?subject=unsubscribe%20[\w-]+>$/,
    );
    const [page, mail] = linksOf(headers);
    const token = page?.pathname.split('/').at(-1) ?? '';
    expect(await readUnsubscribeToken(keyring, token)).toEqual({
      tenant: 'salon-sol',
      channel: 'email',
      addressKey,
      messageId: id,
    });
    expect(mail?.searchParams.get('subject')).toBe(`unsubscribe ${token}`);
  });

  it('of a host without a public URL has the email only, which nobody can click at once', async () => {
    const headers = await headersOf({}, null);
    expect(Object.keys(headers)).toEqual(['X-Campaign', 'List-Unsubscribe']);
    expect(linksOf(headers).map(({ protocol }) => protocol)).toEqual(['mailto:']);
  });

  it('is unsubscribed from by writing to whoever gets the answers', async () => {
    const headers = await headersOf({ replyTo: { address: 'svar@salonsol.dk' } });
    expect(linksOf(headers)[1]?.pathname).toBe('svar@salonsol.dk');
  });

  it('never says two things: what the host says about unsubscribing gives way', async () => {
    const headers = await headersOf({
      headers: {
        'list-unsubscribe': '<https://elsewhere.example>',
        'LIST-UNSUBSCRIBE-POST': 'x',
        'X-A': '1',
      },
    });
    expect(Object.keys(headers)).toEqual(['X-A', 'List-Unsubscribe', 'List-Unsubscribe-Post']);
  });

  it('has an address in its link that means what it says, whatever stands in it', async () => {
    const local = fc.string({
      unit: fc.constantFrom(...'a"&?%#,;<>()\\ +æ👋='),
      minLength: 1,
      maxLength: 20,
    });
    await fc.assert(
      fc.asyncProperty(local, async (name) => {
        const headers = await headersOf({ from: { address: `${name}@blåbær.example` } }, null);
        const value = headers['List-Unsubscribe'] ?? '';
        expect(value).toMatch(/^<mailto:[!-;=?-~]+>$/);
        const [recipient = '', subject = ''] = value.slice('<mailto:'.length, -1).split('?');
        expect(decodeURIComponent(recipient)).toBe(`${name}@xn--blbr-roah.example`);
        expect(subject).toMatch(/^subject=unsubscribe%20[\w-]+$/);
      }),
    );
  });

  it('never has a line that is longer than a mail server takes', async () => {
    const tenant = '👋'.repeat(128);
    const address = `${'æ'.repeat(32)}@${'x.'.repeat(90)}example`;
    const url = `https://app.example.dk/${'x'.repeat(137)}`;
    for (const headers of [
      await headersOf({ tenant, from: { address } }, url),
      await headersOf({ tenant, from: { address } }, null),
    ]) {
      const lines = `List-Unsubscribe: ${headers['List-Unsubscribe']}`.split(/(?<=,) /);
      for (const line of lines) expect(line.length).toBeLessThanOrEqual(998);
      expect(linksOf(headers).length).toBe(lines.length);
    }
  });
});

describe('the host’s own header fields', () => {
  it.each(['List-Unsubscribe', 'list-unsubscribe-post'])('may not say %s in bulk mail', (name) => {
    expect(() => checkBulkHeaders({ 'X-A': '1', [name]: '<https://x.dk>' })).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        path: `headers["${name}"]`,
        advice: expect.any(String),
      }),
    );
  });

  it('may say everything else', () => {
    expect(() => checkBulkHeaders({ 'List-Id': '<news.salonsol.dk>', constructor: 'x' })).not.toThrow();
  });
});

describe('another message', () => {
  it.each<[string, Partial<MessageRecord>]>([
    ['a single one', { broadcast: null }],
    [
      'a single one whose host says itself where to unsubscribe',
      { broadcast: null, headers: { 'List-Unsubscribe': '<https://x.dk>' } },
    ],
    ['an SMS', { channel: 'sms', headers: {} }],
    ['one that is not sent, as there is no address', { address: null, addressKey: null }],
  ])('leaves as it is: %s', async (_case, message) => {
    expect(await headersOf(message)).toEqual({ ...bulk, ...message }.headers);
  });
});
