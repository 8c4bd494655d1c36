import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { type AnyAdapter, createPosthorn } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { openFolder } from '../database.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';
import { expectRefused, openStoredSalon } from './stored-salon.test-kit.ts';

const content = { to: { email: 'anna@example.dk' }, email: { subject: 'S', text: 'T' } };
const server = { host: 'smtp.example.dk', username: 'u', password: 'p' };
const secrets = { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } };

describe('an adapter that is not there', () => {
  it('is refused by name, with the one that was meant', async () => {
    const { posthorn, file } = await openStoredSalon({
      adapters: [smtp(), recordingAdapter({ channel: 'email' })],
    });
    const save = () => posthorn.accounts.save({ key: 'own', adapter: 'smpt', settings: server });
    const error = await expectRefused(file, save, { code: 'unknown_adapter', path: 'adapter' });
    expect(error.advice).toContain('"smtp"');
  });

  it('any more, is named when a message is to travel by its account', async () => {
    const file = join(openFolder(), 'messages.db');
    const before = await openSalon({
      backend: sqlite(file),
      adapters: [smtp(), recordingAdapter({ channel: 'email' })],
    });
    await before.posthorn.accounts.save({ key: 'own', adapter: 'smtp', settings: server });
    const own = { key: 'own', channel: 'email', address: 'hej@x.dk', account: 'own' } as const;
    await before.posthorn.identities.save(own);
    await before.posthorn.close();

    const { posthorn, email, drain } = await openSalon({ backend: sqlite(file) });
    const refusal = { code: 'unknown_adapter', message: expect.stringContaining('"smtp"') };
    const send = () => posthorn.send({ ...content, identity: 'own' });
    await expect(send()).rejects.toThrow(expect.objectContaining({ ...refusal, advice: expect.any(String) }));
    await expect(posthorn.accounts.verify('own')).rejects.toThrow(expect.objectContaining(refusal));
    expect(await posthorn.accounts.get('own')).toMatchObject({ adapter: 'smtp' });
    await drain();
    expect(email.handedOver).toEqual([]);
  });
});

describe('adapters that cannot be set up', () => {
  const open = (adapters: readonly unknown[]) => () =>
    createPosthorn({ backend: sqlite(':memory:'), adapters: adapters as AnyAdapter[], secrets });

  it.each([
    ['null', [null]],
    ['a name', ['smtp']],
    ['the factory instead of what it makes', [smtp]],
    ['an empty object', [{}]],
    ['one twice', [smtp(), smtp()]],
    ['a key that is no key', [{ ...smtp(), key: 'a b\n' }]],
    ['an unknown channel', [{ ...smtp(), channel: 'fax' }]],
    ['no schema of its settings', [{ ...smtp(), settings: {} }]],
    ['no list of its secrets', [{ ...smtp(), secrets: 'password' }]],
  ])('are refused at once: %s', (_, adapters) => {
    expect(open(adapters)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: expect.stringMatching(/^adapters/) }),
    );
  });

  it('as their settings are wrong are refused in words, before anything is written', async () => {
    const adapters = [smtp({ host: 'https://smtp.example.dk', port: 0 } as never)];
    const error: unknown = await Promise.resolve()
      .then(() => openStoredSalon({ adapters }))
      .then(({ posthorn }) => posthorn.send(content))
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'invalid_input', path: expect.stringContaining('host') });
  });
});
