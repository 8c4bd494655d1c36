import { postgres } from '@posthorn/backend-postgres';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, type Backend, createPosthorn, type Posthorn, PosthornError } from '@posthorn/core';
import { startPostgres } from '@posthorn/postgres-server';
import { recordingAdapter } from '@posthorn/testing';
import { afterAll, expect, it, onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 60_000 });

const server = await startPostgres();
afterAll(() => server.close());

/** Postgres has no text with U+0000 in it, and no halves of characters; SQLite would take either for something else. */
const HOSTILE = {
  'a NUL': 'a\0b',
  'only a NUL': '\0',
  'half a character': 'a\ud800b',
  'the other half': '\udc00',
  'halves in the wrong order': 'a\udc00\ud800b',
};

async function openSalon(backend: Backend): Promise<Posthorn> {
  const posthorn = createPosthorn({
    backend,
    adapters: [recordingAdapter({ channel: 'email', key: 'server' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      guests: arrayRecipients({
        label: 'Guests',
        rows: [{ id: 'anna', email: 'anna@example.dk' }],
        id: 'id',
        name: 'id',
        email: 'email',
        fields: { id: { type: 'text', label: 'Id', column: 'id' } },
      }),
    },
    log: { debug() {}, info() {}, warn() {}, error() {} },
  });
  onTestFinished(() => posthorn.close());
  await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.dk' });
  await posthorn.templates.save({ key: 'booking', email: { subject: 'S', text: 'T' } });
  return posthorn;
}

type Call = (posthorn: Posthorn, text: string) => unknown;

const email = { subject: 'S', text: 'T' };
const to = { email: 'anna@example.dk' };
const rule = (value: string) =>
  ({ combinator: 'and', rules: [{ field: 'id', operator: '=', value }] }) as const;

/** Wherever a text comes in that is stored, or looked up. */
const CALLS: Readonly<Record<string, Call>> = {
  'id of a tenant': (posthorn, text) => posthorn.tenant(text).messages.list(),
  'key of an identity': ({ identities }, text) =>
    identities.save({ key: text, channel: 'email', address: 'hej@salon.dk' }),
  'name of an identity': ({ identities }, text) =>
    identities.save({ key: 'k', channel: 'email', address: 'hej@salon.dk', name: text }),
  'address of an identity': ({ identities }, text) =>
    identities.save({ key: 'k', channel: 'email', address: `${text}@salon.dk` }),
  'an identity to look up': ({ identities }, text) => identities.get('email', text),
  'an identity to remove': ({ identities }, text) => identities.remove('email', text),
  'key of an account': ({ accounts }, text) => accounts.save({ key: text, adapter: 'server', settings: {} }),
  'label of an account': ({ accounts }, text) =>
    accounts.save({ key: 'k', adapter: 'server', label: text, settings: {} }),
  'an account to look up': ({ accounts }, text) => accounts.get(text),
  'what is said of a pause': ({ accounts }, text) => accounts.pause('server', { message: text }),
  'key of a template': ({ templates }, text) => templates.save({ key: text, email }),
  'label of a template': ({ templates }, text) => templates.save({ key: 't', label: text, email }),
  'subject of a template': ({ templates }, text) =>
    templates.save({ key: 't', email: { ...email, subject: text } }),
  'text of a template': ({ templates }, text) => templates.save({ key: 't', email: { ...email, text } }),
  'html of a template': ({ templates }, text) =>
    templates.save({ key: 't', email: { ...email, html: `<p>${text}</p>` } }),
  'a template to look up': ({ templates }, text) => templates.get(text),
  'key of a segment': ({ segments }, text) =>
    segments.save({ key: text, source: 'guests', where: rule('anna') }),
  'label of a segment': ({ segments }, text) =>
    segments.save({ key: 's', label: text, source: 'guests', where: rule('anna') }),
  'value of a segment': ({ segments }, text) =>
    segments.save({ key: 's', source: 'guests', where: rule(text) }),
  'a segment to look up': ({ segments }, text) => segments.get(text),
  'label of a broadcast': ({ broadcasts }, text) =>
    broadcasts.plan({ to: { source: 'guests', where: rule('anna') }, label: text, email }),
  'query of a broadcast': ({ broadcasts }, text) =>
    broadcasts.plan({ to: { source: 'guests', where: rule(text) }, email }),
  'a broadcast to look up': ({ broadcasts }, text) => broadcasts.get(text),
  'a broadcast to cancel': ({ broadcasts }, text) => broadcasts.cancel(text),
  'idempotency key': ({ send }, text) => send({ to, email, key: text }),
  'name of a recipient': ({ send }, text) => send({ to: { ...to, name: text }, email }),
  'address of a recipient': ({ send }, text) => send({ to: { email: `${text}@example.dk` }, email }),
  'id of a recipient': ({ send }, text) => send({ to: { source: 'guests', id: text }, email }),
  'subject of a message': ({ send }, text) => send({ to, email: { ...email, subject: text } }),
  'text of a message': ({ send }, text) => send({ to, email: { ...email, text } }),
  'html of a message': ({ send }, text) => send({ to, email: { ...email, html: `<p>${text}</p>` } }),
  'data of a message': ({ send }, text) =>
    send({ to, email: { subject: '{{ x }}', text: '{{ x }}' }, data: { x: text } }),
  'unused data of a message': ({ send }, text) => send({ to, email, data: { x: text } }),
  'name of data': ({ send }, text) => send({ to, email, data: { [text]: 1 } }),
  'a header': ({ send }, text) => send({ to, email, headers: { 'X-Salon': text } }),
  'name of a header': ({ send }, text) => send({ to, email, headers: { [`X-${text}`]: 'a' } }),
  'name of a file': ({ send }, text) =>
    send({ to, email, attachments: [{ filename: `${text}.txt`, content: 'x' }] }),
  'content of a file': ({ send }, text) =>
    send({ to, email, attachments: [{ filename: 'a.txt', content: text }] }),
  'a message to look up': ({ messages }, text) => messages.get(text),
  'messages to cancel': ({ messages }, text) => messages.cancel([text]),
  'who settles a doubt': ({ messages }, text) => messages.resolve(['x'], 'failed', { by: text }),
  'messages by template': ({ messages }, text) => messages.list({ template: text }),
  'messages by broadcast': ({ messages }, text) => messages.list({ broadcast: text }),
  'messages by address': ({ messages }, text) => messages.list({ address: text }),
  'messages by recipient': ({ messages }, text) =>
    messages.list({ recipient: { source: 'guests', id: text } }),
  'messages by cursor': ({ messages }, text) => messages.list({ cursor: text }),
  'an address to suppress': ({ suppressions }, text) => suppressions.add({ email: `${text}@example.dk` }),
  'why it is suppressed': ({ suppressions }, text) => suppressions.add({ ...to, note: text }),
  'who suppressed it': ({ suppressions }, text) => suppressions.add({ ...to, by: text }),
  'name of a subscription': ({ subscriptions }, text) => subscriptions.remove(text),
};

/** What was answered, or the code of the refusal. What is no error of ours, or is the database's, is in full. */
async function verdictOf(call: Call, posthorn: Posthorn, text: string): Promise<string> {
  try {
    await call(posthorn, text);
    return 'answered';
  } catch (error) {
    if (error instanceof PosthornError && error.name !== 'StoreError') return error.code;
    return `${(error as Error).name}: ${(error as Error).message}`;
  }
}

/** What one reads afterwards, without what is another each time. */
async function storedIn({ identities, accounts, templates, segments, messages, suppressions }: Posthorn) {
  const lists = await Promise.all([
    identities.list(),
    accounts.list(),
    templates.list(),
    segments.list(),
    suppressions.list(),
  ]);
  const { items } = await messages.list({ limit: 1 });
  const contents = await Promise.all(items.map(({ id }) => messages.get(id)));
  return JSON.parse(
    JSON.stringify({ lists, contents }, (name, value) =>
      /^(id|.*At|at|cursor|version|versionId|occurredAt)$/.test(name) ? undefined : value,
    ),
  );
}

async function answersOf(backend: Backend) {
  const posthorn = await openSalon(backend);
  const verdicts: Record<string, string> = {};
  const stored: Record<string, unknown> = {};
  for (const [where, call] of Object.entries(CALLS)) {
    for (const [what, text] of Object.entries(HOSTILE)) {
      const name = `${where}: ${what}`;
      verdicts[name] = await verdictOf(call, posthorn, text);
      stored[name] = await storedIn(posthorn);
    }
  }
  return { verdicts, stored };
}

it('text that Postgres cannot keep gets the same answer on SQLite, and is never refused by the database', async () => {
  const onSqlite = await answersOf(sqlite(':memory:'));
  const onPostgres = await answersOf(postgres(await server.createDatabase()));
  expect(onPostgres.verdicts).toEqual(onSqlite.verdicts);
  expect(Object.entries(onSqlite.verdicts).filter(([, verdict]) => verdict.includes('Error'))).toEqual([]);
  expect(onPostgres.stored).toEqual(onSqlite.stored);
});

it('two companies are never the same one, whatever they are called', async () => {
  const posthorn = await openSalon(postgres(await server.createDatabase()));
  for (const text of Object.values(HOSTILE)) {
    expect(() => posthorn.tenant(text)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'tenant' }),
    );
  }
});
