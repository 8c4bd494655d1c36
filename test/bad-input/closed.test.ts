import { describe, expect, it } from 'vitest';
import { methodsOf } from '../face.test-kit.ts';
import { openStoredSalon } from './stored-salon.test-kit.ts';

type Salon = Awaited<ReturnType<typeof openStoredSalon>>['posthorn'];
type Face = ReturnType<Salon['tenant']>;

const to = { email: 'anna@example.dk' };
const email = { subject: 'S', text: 'T' };
const blocked = { email: 'anna@example.dk' };

/** One right call of every method. */
const calls: Readonly<Record<string, (face: Face) => unknown>> = {
  'accounts.save': (it) => it.accounts.save({ key: 'own', adapter: 'test-email', settings: {} }),
  'accounts.list': (it) => it.accounts.list(),
  'accounts.get': (it) => it.accounts.get('own'),
  'accounts.remove': (it) => it.accounts.remove('own'),
  'accounts.pause': (it) => it.accounts.pause('own'),
  'accounts.resume': (it) => it.accounts.resume('own'),
  'accounts.verify': (it) => it.accounts.verify('own'),
  'accounts.webhookUrl': (it) => it.accounts.webhookUrl('own'),
  'accounts.unmatchedReports': (it) => it.accounts.unmatchedReports('own'),
  'identities.save': (it) => it.identities.save({ key: 'x', channel: 'email', address: 'x@example.dk' }),
  'identities.list': (it) => it.identities.list(),
  'identities.get': (it) => it.identities.get('email', 'x'),
  'identities.remove': (it) => it.identities.remove('email', 'x'),
  'identities.contact': (it) => it.identities.contact(),
  'identities.default': (it) => it.identities.default('email'),
  'templates.save': (it) => it.templates.save({ key: 't', email }),
  'templates.list': (it) => it.templates.list(),
  'templates.get': (it) => it.templates.get('t'),
  'templates.versions': (it) => it.templates.versions('t'),
  'templates.remove': (it) => it.templates.remove('t'),
  'recipients.list': (it) => it.recipients.list({ source: 'customers' }),
  'recipients.count': (it) => it.recipients.count({ source: 'customers' }),
  'broadcasts.plan': (it) => it.broadcasts.plan({ to, email }),
  'broadcasts.start': (it) => it.broadcasts.start('x'),
  'broadcasts.get': (it) => it.broadcasts.get('x'),
  'broadcasts.list': (it) => it.broadcasts.list(),
  'broadcasts.pause': (it) => it.broadcasts.pause('x'),
  'broadcasts.resume': (it) => it.broadcasts.resume('x'),
  'broadcasts.cancel': (it) => it.broadcasts.cancel('x'),
  'broadcasts.retryFailed': (it) => it.broadcasts.retryFailed('x'),
  'segments.save': (it) =>
    it.segments.save({ key: 's', source: 'customers', where: { combinator: 'and', rules: [] } }),
  'segments.get': (it) => it.segments.get('s'),
  'segments.list': (it) => it.segments.list(),
  'segments.remove': (it) => it.segments.remove('s'),
  'subscriptions.list': (it) => it.subscriptions.list(),
  'subscriptions.remove': (it) => it.subscriptions.remove('x'),
  'suppressions.add': (it) => it.suppressions.add(blocked),
  'suppressions.lift': (it) => it.suppressions.lift(blocked),
  'suppressions.get': (it) => it.suppressions.get(blocked),
  'suppressions.history': (it) => it.suppressions.history(blocked),
  'suppressions.list': (it) => it.suppressions.list(),
  'messages.get': (it) => it.messages.get('x'),
  'messages.list': (it) => it.messages.list(),
  'messages.timeline': (it) => it.messages.timeline('x'),
  'messages.rendered': (it) => it.messages.rendered('x'),
  'messages.cancel': (it) => it.messages.cancel('x'),
  'messages.resolve': (it) => it.messages.resolve(['x'], 'failed', { by: 'kim' }),
  'messages.resend': (it) => it.messages.resend('x'),
  send: (it) => it.send({ to, email }),
  preview: (it) => it.preview({ to, email }),
};
const ownCalls: Readonly<Record<string, (posthorn: Salon) => unknown>> = {
  start: (it) => it.start(),
  drain: (it) => it.drain({ maxMs: 1000 }),
  rotateSecrets: (it) => it.rotateSecrets(),
};
/** What opens nothing: what the host's code declares, listening, naming a tenant; and the handler, which tells the world. */
const DECLARED = ['recipients.describe', 'recipients.fields', 'recipients.sources'];
const HARMLESS = [...DECLARED, 'close', 'handler', 'off', 'on', 'once', 'tenant'];
/** It answers no promise, and so says it at once. */
const subscribe = (it: Face) => it.subscribe('x', ['message.bounced'], () => undefined);

const closed = expect.objectContaining({ code: 'closed', advice: expect.any(String) });

describe('a closed instance', () => {
  it('is asked by every method there is', async () => {
    const { posthorn } = await openStoredSalon();
    expect([...Object.keys(calls), ...Object.keys(ownCalls), ...HARMLESS, 'subscribe'].sort()).toEqual(
      methodsOf(posthorn),
    );
  });

  it('says so, whatever is called', async () => {
    const { posthorn } = await openStoredSalon();
    const sol = posthorn.tenant('sol');
    await posthorn.close();
    for (const face of [posthorn, sol, posthorn.tenant('maane')]) {
      for (const [name, call] of Object.entries(calls))
        await expect(call(face), name).rejects.toThrow(closed);
      expect(() => subscribe(face)).toThrow(closed);
    }
    for (const [name, call] of Object.entries(ownCalls))
      await expect(call(posthorn), name).rejects.toThrow(closed);
    const answer = await posthorn.handler(new Request('https://app.example.dk/unsubscribe/x'));
    expect(answer.status).toBe(503);
    await posthorn.close();
  });

  it('writes nothing any more, and what began before is whole', async () => {
    const { posthorn, email: account, file } = await openStoredSalon();
    const begun = Promise.allSettled(
      Array.from({ length: 20 }, () => posthorn.send({ to, email, wait: 'accepted' })),
    );
    await posthorn.close();
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file, { readOnly: true });
    const rows = database
      .prepare(
        'select m.id, d.work, d.outcome from posthorn_messages m left join posthorn_deliveries d on d.message_id = m.id',
      )
      .all();
    database.close();
    for (const { status, ...result } of await begun) {
      if (status === 'rejected') expect('reason' in result && result.reason).toEqual(closed);
    }
    for (const { work } of rows) expect(['queued', 'done']).toContain(work);
    expect(rows.filter(({ outcome }) => outcome === 'accepted')).toHaveLength(account.sent.length);
  });
});
