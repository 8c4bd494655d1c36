import { expect, it } from 'vitest';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { memoryContext } from './memory-store.test-kit.ts';

const position = { createdAt: 1_795_773_600_000, id: '019ac2f0-0000-7000-8000-000000000001' };
const filter = { list: 'messages', channel: 'email', status: ['queued', 'sending'] };
const { keyring } = await memoryContext().open();
const cursor = await encodeCursor(keyring, 'salon', filter, position);

it('leads back to where the page ended, however the filter is written', async () => {
  expect(await decodeCursor(keyring, 'salon', filter, cursor)).toEqual(position);
  const same = { status: ['queued', 'sending'], template: undefined, channel: 'email', list: 'messages' };
  expect(await decodeCursor(keyring, 'salon', same, cursor)).toEqual(position);
});

it('works for no other tenant, filter or list', async () => {
  for (const [tenant, other] of [
    ['luna', filter],
    ['salon', { ...filter, channel: 'sms' }],
    ['salon', { ...filter, status: ['sending', 'queued'] }],
    ['salon', { ...filter, list: 'suppressions' }],
    ['salon', { list: 'messages' }],
  ] as const) {
    await expect(decodeCursor(keyring, tenant, other, cursor)).rejects.toMatchObject({
      code: 'invalid_cursor',
    });
  }
});

it('is nothing that can be made up', async () => {
  const changed = Buffer.from(cursor, 'base64url');
  changed[changed.length - 1] = 0x32;
  const stranger = await memoryContext().open();
  const foreign = await encodeCursor(stranger.keyring, 'salon', filter, position);
  for (const made of [
    '',
    'x',
    `${cursor}=`,
    ` ${cursor}`,
    changed.toString('base64url'),
    foreign,
    'A'.repeat(100_000),
    7,
    null,
  ]) {
    await expect(decodeCursor(keyring, 'salon', filter, made)).rejects.toMatchObject({
      code: 'invalid_cursor',
      path: 'cursor',
    });
  }
});
