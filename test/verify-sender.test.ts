import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn } from '@posthorn/core';
import { startSmtpTestServer } from '@posthorn/testing';
import { expect, it, onTestFinished } from 'vitest';

it('verifying a relay tells whether it takes mail from the identity that travels by it', async () => {
  const server = await startSmtpTestServer({
    script: ({ verb, line }) =>
      verb === 'MAIL' && line.includes('stranger@') ? '550 5.7.1 Not one of ours' : undefined,
  });
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [smtp()],
    secrets: { current: 'k1', keys: { k1: 'abcdefghijklmnopqrstuvwxyz0123456789' } },
  });
  onTestFinished(async () => {
    await posthorn.close();
    await server.close();
  });
  const settings = { host: '127.0.0.1', port: server.port, security: 'none', authentication: 'none' };
  await posthorn.accounts.save({ key: 'relay', adapter: 'smtp', settings });
  const identity = { key: 'salon', channel: 'email', account: 'relay' } as const;

  await posthorn.identities.save({ ...identity, address: 'hello@salon.example' });
  expect(await posthorn.accounts.verify('relay')).toMatchObject({ ok: true });

  await posthorn.identities.save({ ...identity, address: 'stranger@salon.example' });
  expect(await posthorn.accounts.verify('relay')).toMatchObject({
    ok: false,
    message: expect.stringContaining('refuses stranger@salon.example as a sender: 550 Not one of ours'),
  });
});
