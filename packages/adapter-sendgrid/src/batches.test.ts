import { createHash } from 'node:crypto';
import type { AttachmentContent, EmailEnvelope, SkeletonPiece } from '@posthorn/core';
import { type EmailEnvelopeParts, emailEnvelope, smsEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bodyOf, deliver } from './account.test-kit.ts';
import { groupEnvelopes } from './group-envelopes.ts';

const RUNS = Number(process.env.BATCH_RUNS ?? 200);
const { skeleton } = emailEnvelope();

/** To as many customers, of one content. */
function customers(count: number, parts: EmailEnvelopeParts = {}): readonly EmailEnvelope[] {
  return Array.from({ length: count }, (_, index) =>
    emailEnvelope({ skeleton, to: { address: `customer-${index}@customers.example` }, ...parts }),
  );
}

function file(filename: string, text = filename): AttachmentContent {
  const content = Buffer.from(text);
  const hash = createHash('sha256').update(content).digest('hex');
  return {
    hash,
    filename,
    mediaType: 'text/plain',
    sizeBytes: content.length,
    disposition: 'attachment',
    content,
  };
}

describe('messages that share a request', () => {
  it('are 1,000 at most: 2,500 are three requests, and everybody gets one message', async () => {
    const batch = customers(2500);
    const { server, outcomes } = await deliver(batch);
    expect(server.requests.map(({ recipients }) => recipients.length).sort()).toEqual([1000, 1000, 500]);
    expect(new Set(server.messages.map(({ to }) => to)).size).toBe(2500);
    expect(outcomes.size).toBe(2500);
    const tokens = new Map(server.messages.map(({ to, customArgs }) => [to, customArgs.posthorn_token]));
    for (const { to, returnToken } of batch) expect(tokens.get(to.address)).toBe(returnToken);
  });

  it('are to addresses that SendGrid tells apart: two to one go in two requests', async () => {
    const to = (address: string) => emailEnvelope({ skeleton, to: { address } });
    const { server } = await deliver([
      to('anna@bücher.example'),
      to('ANNA@xn--bcher-kva.example'),
      to('bo@bücher.example'),
    ]);
    expect(server.requests.map(({ recipients }) => recipients)).toEqual([
      ['anna@xn--bcher-kva.example', 'bo@xn--bcher-kva.example'],
      ['ANNA@xn--bcher-kva.example'],
    ]);
  });

  it.each<[string, EmailEnvelopeParts]>([
    ['content', { skeleton: { ...skeleton, subject: ['Another'] } }],
    ['sender', { from: { name: 'Salon Sol', address: 'other@salon.example' } }],
    ['name of the sender', { from: { name: 'Salon Måne', address: 'hello@salon.example' } }],
    ['address for answers', { replyTo: { address: 'answers@salon.example' } }],
    ['files', { attachments: [file('terms.txt')] }],
  ])('have the same %s', async (_what, parts) => {
    const batch = customers(4).map((envelope, index) => (index % 2 ? { ...envelope, ...parts } : envelope));
    const { server } = await deliver(batch);
    expect(server.requests.map(({ recipients }) => recipients.length)).toEqual([2, 2]);
  });

  it('carry their files once, and everybody gets them', async () => {
    const attachments = [file('terms.txt', 'The terms'), file('empty.txt', '')];
    const { server } = await deliver(customers(3, { attachments }));
    expect(server.requests).toHaveLength(1);
    for (const message of server.messages) {
      expect(message.attachments.map(({ content }) => Buffer.from(content).toString())).toEqual([
        'The terms',
        '',
      ]);
    }
  });

  it('carry files without the parameters of their types, for which SendGrid would refuse everybody', async () => {
    // What core makes of a text file, and what a host may say of a calendar's.
    const types = ['text/csv; charset=utf-8', 'text/calendar;charset=utf-8', 'application/pdf'];
    const attachments = types.map((mediaType, index) => ({ ...file(`file-${index}`), mediaType }));
    const batch = customers(2, { attachments });
    const { server, of } = await deliver(batch);
    expect(batch.map((envelope) => of(envelope)?.status)).toEqual(['accepted', 'accepted']);
    expect(server.messages[0]?.attachments.map(({ mediaType }) => mediaType)).toEqual([
      'text/csv',
      'text/calendar',
      'application/pdf',
    ]);
  });

  it('have fields of their own: everybody leaves by a link of their own', async () => {
    const batch = customers(3).map((envelope) => ({
      ...envelope,
      headers: {
        'List-Unsubscribe': `<https://salon.example/u/${envelope.returnToken}>`,
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
        'X-Salon': 'Åse’s salon 👋 '.repeat(10),
      },
    }));
    const { server } = await deliver(batch);
    expect(server.requests).toHaveLength(1);
    for (const [index, { headers }] of server.messages.entries()) {
      expect(headers.get('list-unsubscribe')).toBe(batch[index]?.headers['List-Unsubscribe']);
      expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
      expect(headers.get('x-salon')).toMatch(/^(=\?utf-8\?B\?[A-Za-z0-9+/=]{1,60}\?= ?)+$/);
    }
  });

  it('show nobody the other addresses', async () => {
    const { server } = await deliver(customers(3));
    expect(bodyOf(server).personalizations).toMatchObject([
      { to: [{ email: 'customer-0@customers.example' }] },
      { to: [{ email: 'customer-1@customers.example' }] },
      { to: [{ email: 'customer-2@customers.example' }] },
    ]);
  });

  it('are not more than 30 MB: each half goes by itself, and what is larger alone is refused', async () => {
    const large = 'x'.repeat(10_000_000);
    const attachments = [file('a.txt', large), file('b.txt', large)];
    const parts: EmailEnvelopeParts = { attachments, headers: { 'X-Long': 'x'.repeat(2_000_000) } };
    const { server } = await deliver(customers(2, parts));
    expect(server.requests.map(({ recipients }) => recipients.length)).toEqual([1, 1]);
    const batch = customers(1, { attachments: [...attachments, file('c.txt', large)] });
    const { server: other, of } = await deliver(batch);
    expect(of(batch[0])).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: { category: 'message_too_large', fault: 'content' },
    });
    expect(other.requests).toEqual([]);
  });
});

describe('messages that cannot be in a request', () => {
  it.each<[string, EmailEnvelopeParts]>([
    ['a field that SendGrid writes', { headers: { 'Reply-To': 'a@b.example' } }],
    ['a name that is no field', { headers: { 'X Y': 'z' } }],
    ['a line break in a field', { headers: { 'X-Y': 'a\nBcc: b@c.example' } }],
    ['a line break in a subject', { skeleton: { ...skeleton, subject: ['A ', 0] }, slots: ['b\r\nc'] }],
    ['a line break in a name', { to: { name: 'Anna\n', address: 'anna@customers.example' } }],
  ])('keep nobody else from getting theirs: %s', async (_what, parts) => {
    const bad = emailEnvelope({ skeleton, ...parts });
    const { server, of } = await deliver([bad, ...customers(2)]);
    expect(of(bad)).toMatchObject({
      status: 'refused',
      retryable: false,
      failure: { category: 'bad_request' },
    });
    expect(server.messages).toHaveLength(2);
  });

  it('are text messages, too', async () => {
    const sms = smsEnvelope();
    expect((await deliver([sms])).of(sms)).toMatchObject({ status: 'refused', retryable: false });
  });
});

describe('however messages are mixed', () => {
  const skeletons = [skeleton, { ...skeleton, id: 'other', text: ['Hi ', 0] as SkeletonPiece[] }];
  const envelope = fc
    .record({
      skeleton: fc.constantFrom(...skeletons),
      from: fc.constantFrom({ address: 'a@salon.example' }, { name: 'A', address: 'a@salon.example' }),
      replyTo: fc.constantFrom(undefined, { address: 'b@salon.example' }),
      to: fc.constantFrom('a', 'A', 'b', 'c').map((name) => ({ address: `${name}@customers.example` })),
      attachments: fc.constantFrom([], [file('a.txt')], [file('a.txt'), file('b.txt')]),
      slots: fc.constantFrom(['Anna'], ['x'.repeat(20_000)]),
    })
    .map(({ replyTo, ...parts }) =>
      emailEnvelope({ ...parts, ...(replyTo === undefined ? {} : { replyTo }) }),
    );
  const shared = ({ from, replyTo, skeleton: { id }, attachments }: EmailEnvelope) =>
    JSON.stringify([from, replyTo, id, attachments.map(({ hash }) => hash)]);

  it('each is in one request, with others like it, no address twice, in as few as that takes', () => {
    fc.assert(
      fc.property(fc.array(envelope, { maxLength: 60 }), (batch) => {
        const groups = groupEnvelopes(batch);
        const ids = groups.flat().map(({ messageId }) => messageId);
        expect(ids.sort()).toEqual(batch.map(({ messageId }) => messageId).sort());
        for (const group of groups) {
          const addresses = group.map(({ to }) => to.address.toLowerCase());
          expect(new Set(addresses).size).toBe(group.length);
          expect(new Set(group.map(shared)).size).toBe(1);
          if (group.some(({ slots }) => (slots[0]?.length ?? 0) > 10_000)) expect(group).toHaveLength(1);
        }
        const small = batch.filter(({ slots }) => slots[0] === 'Anna');
        const kinds = Map.groupBy(small, shared).values();
        const most = (kind: readonly EmailEnvelope[]) =>
          Math.max(
            ...[...Map.groupBy(kind, ({ to }) => to.address.toLowerCase()).values()].map(
              ({ length }) => length,
            ),
          );
        const needed = [...kinds].reduce((sum, kind) => sum + most(kind), 0);
        expect(groups).toHaveLength(needed + batch.length - small.length);
      }),
      { numRuns: RUNS },
    );
  });
});
