import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { AttachmentContent, MessageRecord, Skeleton } from '../ports/index.ts';
import { createVault, type Keyring } from '../secrets/index.ts';
import { createEnvelopeBuilder } from './build-envelope.ts';
import { readReturnToken } from './return-token.ts';

const vault = createVault({ current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } });
const keyring: Keyring = {
  hmac: async (name, data) => createHmac('sha256', name).update(data).digest(),
  seal: vault.seal,
  open: vault.open,
};
const createdAt = Date.UTC(2026, 10, 27, 9);

const file = (hash: string, filename: string): AttachmentContent => ({
  hash,
  filename,
  mediaType: 'text/plain',
  sizeBytes: 3,
  disposition: 'attachment',
  content: Buffer.from('abc'),
});
const withoutBytes = ({ content: _, ...ref }: AttachmentContent) => ref;
const terms = file('h1', 'terms.txt');
const receipt = file('h2', 'receipt.txt');

const email: Skeleton = {
  channel: 'email',
  id: 'email-da',
  locale: 'da',
  slotCount: 2,
  sensitiveSlots: [1],
  subject: ['Hej ', 0],
  text: ['Kode: ', 1],
  attachments: [withoutBytes(terms)],
};
const sms: Skeleton = {
  channel: 'sms',
  id: 'sms-da',
  locale: 'da',
  slotCount: 1,
  sensitiveSlots: [],
  text: [0],
};

const id = '019ac000-0000-7000-8000-000000000001';
const message: MessageRecord = {
  id,
  tenant: 'salon-sol',
  channel: 'email',
  template: null,
  versionId: 'v',
  skeletonId: 'email-da',
  slots: ['Anna', null],
  sealedSlots: vault.seal(JSON.stringify({ 1: '4711' }), `slots:${id}`),
  identity: 'salon',
  from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
  replyTo: { address: 'svar@salonsol.dk' },
  account: 'smtp',
  accountTenant: '$platform',
  recipient: null,
  toName: 'Anna Sørensen',
  address: 'anna@example.dk',
  addressKey: null,
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  headers: { 'X-Booking': '17' },
  attachments: [withoutBytes(receipt)],
  key: null,
  resendOf: null,
  broadcast: null,
  createdAt,
  sendAt: null,
  expiresAt: null,
};

function setUp() {
  const asked: string[] = [];
  const build = createEnvelopeBuilder({
    keyring,
    publicUrl: 'https://app.example.dk/messages',
    content: {
      async getSkeleton(tenant, skeleton) {
        asked.push(`${tenant} ${skeleton}`);
        return [email, sms].find((one) => one.id === skeleton);
      },
      async getFile(tenant, { hash }) {
        asked.push(`${tenant} ${hash}`);
        return [terms, receipt].find((one) => one.hash === hash);
      },
    },
  });
  return { build, asked };
}

describe('an envelope', () => {
  it('holds an email as it will be sent, secret values in their places', async () => {
    const envelope = await setUp().build(message, 2);
    expect(envelope).toMatchObject({
      channel: 'email',
      messageId: id,
      attempt: 2,
      slots: ['Anna', '4711'],
      from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
      replyTo: { address: 'svar@salonsol.dk' },
      to: { name: 'Anna Sørensen', address: 'anna@example.dk' },
      headers: { 'X-Booking': '17' },
      attachments: [{ filename: 'terms.txt' }, { filename: 'receipt.txt' }],
      createdAt,
    });
  });

  it('holds an SMS', async () => {
    const envelope = await setUp().build(
      {
        ...message,
        channel: 'sms',
        skeletonId: 'sms-da',
        slots: ['Hej'],
        sealedSlots: null,
        from: { address: 'SALON' },
        address: '+4512345678',
      },
      1,
    );
    expect(envelope).toMatchObject({ channel: 'sms', from: 'SALON', to: '+4512345678', slots: ['Hej'] });
  });

  it('carries a token that names the message and the attempt', async () => {
    const { returnToken } = await setUp().build(message, 2);
    expect(await readReturnToken(keyring, returnToken)).toEqual({ messageId: id, attempt: 2 });
  });

  it('says in bulk mail, and only there, where to unsubscribe', async () => {
    const { build } = setUp();
    const bulk = { ...message, broadcast: 'storm', addressKey: 'a1'.repeat(32) };
    expect(await build(bulk, 1)).toMatchObject({
      headers: {
        'X-Booking': '17',
        'List-Unsubscribe': expect.stringContaining('<https://app.example.dk/messages/unsubscribe/'),
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      },
    });
    expect(await build(message, 1)).toMatchObject({ headers: message.headers });
  });

  it('is dated when the message was to leave', async () => {
    const { build } = setUp();
    expect((await build({ ...message, sendAt: createdAt + 5 }, 1)).createdAt).toBe(createdAt + 5);
  });

  it('shares what many messages have in common, within one tenant', async () => {
    const { build, asked } = setUp();
    for (let attempt = 1; attempt <= 3; attempt += 1) await build(message, attempt);
    expect(asked).toEqual(['salon-sol email-da', 'salon-sol h1', 'salon-sol h2']);
    await build({ ...message, tenant: 'salon-luna', attachments: [] }, 1);
    expect(asked.slice(3)).toEqual(['salon-luna email-da', 'salon-luna h1']);
  });

  it.each<[string, Partial<MessageRecord>]>([
    ['its content is gone', { skeletonId: 'gone' }],
    ['its content is of another channel', { skeletonId: 'sms-da' }],
    ['a file is gone', { attachments: [{ ...withoutBytes(receipt), hash: 'gone' }] }],
    ['a value is gone', { sealedSlots: null }],
    ['it has no address', { address: null }],
    ['a link to unsubscribe cannot name its address', { broadcast: 'storm', addressKey: null }],
  ])('is not made where %s', async (_, broken) => {
    await expect(setUp().build({ ...message, ...broken }, 1)).rejects.toMatchObject({
      code: 'store_corrupt',
    });
  });

  it('is not made where its secret values were moved here from another message', async () => {
    const sealedSlots = vault.seal('{"1":"4711"}', 'slots:another');
    await expect(setUp().build({ ...message, sealedSlots }, 1)).rejects.toMatchObject({
      code: 'secret_unreadable',
    });
  });
});
