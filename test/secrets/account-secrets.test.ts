import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';
import { startSmtpTestServer } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openStoredSalon } from '../bad-input/stored-salon.test-kit.ts';
import { holdsInClear } from '../database.test-kit.ts';
import { listening, recordingLog } from './overheard.test-kit.ts';

const PASSWORD = 'pw-4711-hemmelig';
const OTHER = 'pw-0815-anderes';
const SECRETS = { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } };
const message = { to: { email: 'anna@example.dk' }, email: { subject: 'S', text: 'T' } };

/** A company's own server, which takes another password than the one that was typed in. */
async function openWithServer(password: string) {
  const server = await startSmtpTestServer({ users: { 'hej@salonsol.dk': password } });
  onTestFinished(() => server.close());
  const log = recordingLog();
  const salon = await openStoredSalon({ adapters: [smtp()], log });
  const settings = { host: '127.0.0.1', port: server.port, security: 'none', username: 'hej@salonsol.dk' };
  const save = (more: object) =>
    salon.posthorn.accounts.save({ key: 'own', adapter: 'smtp', settings: { ...settings, ...more } });
  const saved = await save({ password: PASSWORD });
  await salon.posthorn.identities.save({
    key: 'own',
    channel: 'email',
    address: 'hej@salonsol.dk',
    account: 'own',
  });
  return { ...salon, server, save, saved, log, heard: listening(salon.posthorn) };
}

/** The password as it stands on the wire and in text. */
const forms = [PASSWORD, Buffer.from(PASSWORD).toString('base64'), Buffer.from(PASSWORD).toString('hex')];

function expectNothingIn(text: string): void {
  for (const form of forms) expect(text).not.toContain(form);
}

describe('the password of an account', () => {
  it('reaches the server, and nobody and nothing else', async () => {
    const { posthorn, server, saved, folder, log, heard } = await openWithServer(PASSWORD);
    expect(await posthorn.accounts.verify('own')).toMatchObject({ ok: true });
    expect(await posthorn.send({ ...message, identity: 'own', wait: 'accepted' })).toMatchObject({
      status: 'accepted',
    });
    expect(server.taken).toHaveLength(1);
    const seen = [
      saved,
      await posthorn.accounts.get('own'),
      await posthorn.accounts.list(),
      heard,
      log.lines,
    ];
    expectNothingIn(JSON.stringify(seen));
    expect(saved.hasSecrets).toEqual(['password']);
    expect(forms.map((form) => holdsInClear(folder, form))).toEqual([false, false, false]);
    await posthorn.close();
    expect(forms.map((form) => holdsInClear(folder, form))).toEqual([false, false, false]);
  });

  it('that is wrong is not repeated by what the server’s refusal causes', async () => {
    const { posthorn, folder, log, heard } = await openWithServer(OTHER);
    const verification = await posthorn.accounts.verify('own');
    expect(verification.ok).toBe(false);
    const sent = await posthorn.send({ ...message, identity: 'own', wait: 'accepted' });
    const seen = [
      verification,
      sent,
      await posthorn.messages.timeline(sent.id),
      await posthorn.accounts.list(),
      heard,
      log.lines,
    ];
    expect(await posthorn.accounts.get('own')).toMatchObject({ paused: { reason: 'credentials' } });
    expectNothingIn(JSON.stringify(seen));
    expect(holdsInClear(folder, PASSWORD)).toBe(false);
  });

  it('is not said by errors about the settings', async () => {
    const { save } = await openWithServer(PASSWORD);
    for (const wrong of [
      { password: PASSWORD, port: 0 },
      { password: [PASSWORD] },
      { password: { [PASSWORD]: 1 } },
      { password: PASSWORD.repeat(1000) },
      { password: PASSWORD, dkimPrivateKey: PASSWORD },
      { password: PASSWORD, authentication: 'none' },
    ]) {
      const error: unknown = await save(wrong).catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: 'invalid_input', path: expect.stringMatching(/^settings/) });
      const { message: said, stack, cause } = error as Error;
      expectNothingIn(JSON.stringify([error, said, stack, String(cause)]));
    }
  });

  it('stays with the server it was typed in for', async () => {
    const { posthorn, save } = await openWithServer(PASSWORD);
    const thief = await startSmtpTestServer({ users: {} });
    onTestFinished(() => thief.close());
    await expect(save({ host: 'localhost', port: thief.port })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'settings.password' }),
    );
    expect(await posthorn.accounts.verify('own')).toMatchObject({ ok: true });
    expect(thief.steps).toEqual([]);
  });

  it('cannot be read with another key, nor moved into another account', async () => {
    const { posthorn, file, save } = await openWithServer(PASSWORD);
    await save({});
    await posthorn.accounts.save({
      key: 'eve',
      adapter: 'smtp',
      settings: { host: '127.0.0.1', port: 1, security: 'none', username: 'eve', password: OTHER },
    });
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file);
    database.exec(
      "update posthorn_accounts set sealed_secrets = (select sealed_secrets from posthorn_accounts where key = 'own') where key = 'eve'",
    );
    database.close();
    await expect(posthorn.accounts.verify('eve')).rejects.toThrow(
      expect.objectContaining({ code: 'secret_unreadable', advice: expect.any(String) }),
    );
    await posthorn.close();

    const stranger = createPosthorn({
      backend: sqlite(file),
      adapters: [smtp()],
      secrets: { ...SECRETS, keys: { k1: 'another key that is long enough as well, 9876543210' } },
      log: recordingLog(),
    });
    onTestFinished(() => stranger.close());
    await expect(stranger.accounts.verify('own')).rejects.toThrow(
      expect.objectContaining({ code: 'secret_unreadable', advice: expect.any(String) }),
    );
  });
});

describe('the key of the secrets', () => {
  it.each([
    ['none', undefined],
    ['an empty one', { current: 'k1', keys: { k1: '' } }],
    ['a short one', { current: 'k1', keys: { k1: 'hunter2' } }],
    ['one that is not set', { current: 'k1', keys: { k1: undefined } }],
    ['a current one that is not there', { ...SECRETS, current: 'k2' }],
    ['one of a prototype', { ...SECRETS, current: 'constructor' }],
  ])('is needed: %s is refused, and not said again', (_, secrets) => {
    const open = () =>
      createPosthorn({ backend: sqlite(':memory:'), adapters: [], secrets: secrets as never });
    expect(open).toThrow(expect.objectContaining({ code: 'secrets_missing', advice: expect.any(String) }));
    expect(open).not.toThrow(/hunter2/);
  });
});
