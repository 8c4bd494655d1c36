import { PosthornError } from '@posthorn/core';
import type { Face, Known } from './platform.test-kit.ts';

/** What a company tries with what it knows of another one. */
type Attempts = (face: Face, of: Known, listener: () => void) => readonly (() => unknown)[];

const adHoc = { email: { subject: 'S', text: 'T' } };
const by = 'burglar';
const everybody = { combinator: 'and', rules: [] };
const nobodyElse = { field: 'email.status', operator: '!=', value: 'ok' };

/** Every public method, with everything of another company's that can be put into it. */
export const burglary: Readonly<Record<string, Attempts>> = {
  'accounts.save': (face, { account, template }) => {
    // The password is left out: one that is stored under that key would be kept.
    const settings = { host: '127.0.0.1', port: 1, security: 'none', username: 'burglar' };
    return [
      () => face.accounts.save({ key: account, adapter: 'smtp', settings }),
      () => face.accounts.save({ key: 'mine', adapter: account, settings }),
      () => face.accounts.save({ key: template, adapter: 'smtp', settings: { ...settings, password: 'p' } }),
    ];
  },
  'accounts.list': (face) => [() => face.accounts.list()],
  'accounts.get': (face, { account }) => [() => face.accounts.get(account)],
  'accounts.remove': (face, { account }) => [() => face.accounts.remove(account)],
  'accounts.pause': (face, { account }) => [
    () => face.accounts.pause(account, { message: by }),
    () => face.accounts.pause('test-email'),
  ],
  'accounts.resume': (face, { account }) => [
    () => face.accounts.resume(account),
    () => face.accounts.resume('test-email'),
  ],
  'accounts.verify': (face, { account }) => [() => face.accounts.verify(account)],
  'accounts.unmatchedReports': (face, { account }) => [
    () => face.accounts.unmatchedReports(account),
    () => face.accounts.unmatchedReports('test-email'),
  ],
  'accounts.webhookUrl': (face, { account }) => [
    () => face.accounts.webhookUrl(account),
    () => face.accounts.webhookUrl('test-email'),
  ],
  'identities.save': (face, { account, identity }) => {
    const input = { key: identity, channel: 'email', address: 'burglar@example.com' } as const;
    return [
      () => face.identities.save({ ...input, account }),
      () => face.identities.save({ ...input, key: 'burglar', default: true, contact: true }),
      () => face.identities.save({ ...input, default: true, contact: true }),
    ];
  },
  'identities.list': (face) => [() => face.identities.list(), () => face.identities.list({ channel: 'sms' })],
  'identities.get': (face, { identity }) => [
    () => face.identities.get('email', identity),
    () => face.identities.get('sms', identity),
  ],
  'identities.remove': (face, { identity }) => [
    () => face.identities.remove('email', identity),
    () => face.identities.remove('sms', identity),
  ],
  'identities.contact': (face) => [() => face.identities.contact()],
  'identities.default': (face) => [
    () => face.identities.default('email'),
    () => face.identities.default('sms'),
  ],
  'templates.save': (face, { template, snippet, identity }) => [
    () => face.templates.save({ key: 'mine', ...adHoc, identity }),
    () => face.templates.save({ key: 'mine', email: { subject: 'S', html: `{% render "${snippet}" %}` } }),
    () => face.templates.save({ key: template, ...adHoc }),
    () => face.templates.save({ key: snippet, snippet: { text: 'burgled' } }),
  ],
  'templates.get': (face, { template, snippet }) => [
    () => face.templates.get(template),
    () => face.templates.get(template, { version: 1 }),
    () => face.templates.get(snippet),
  ],
  'templates.list': (face) => [() => face.templates.list()],
  'templates.versions': (face, { template }) => [() => face.templates.versions(template)],
  'templates.remove': (face, { template, snippet }) => [
    () => face.templates.remove(snippet),
    () => face.templates.remove(template),
  ],
  'segments.save': (face, { segment, customer: { source } }) => [
    () => face.segments.save({ key: 'mine', source, where: everybody }),
    () => face.segments.save({ key: segment, source, label: 'burgled', where: everybody }),
    () =>
      face.segments.save({ key: 'nested', source, where: { ...everybody, rules: [{ segment } as never] } }),
  ],
  'segments.get': (face, { segment }) => [() => face.segments.get(segment)],
  'segments.list': (face) => [() => face.segments.list()],
  'segments.remove': (face, { segment }) => [() => face.segments.remove(segment)],
  subscribe: (face, { subscription }) => [
    () => face.subscribe(subscription, ['message.accepted'], () => undefined).stop(),
  ],
  'subscriptions.list': (face) => [
    async () => (await face.subscriptions.list()).map(({ name, types }) => ({ name, types })),
  ],
  'subscriptions.remove': (face, { subscription }) => [() => face.subscriptions.remove(subscription)],
  'suppressions.add': (face, { forgiven }) => [() => face.suppressions.add({ email: forgiven, by })],
  'suppressions.lift': (face, { blocked }) => [() => face.suppressions.lift({ email: blocked, by })],
  'suppressions.get': (face, { blocked, forgiven }) => [
    () => face.suppressions.get({ email: blocked }),
    () => face.suppressions.get({ email: forgiven }),
  ],
  'suppressions.history': (face, { forgiven }) => [() => face.suppressions.history({ email: forgiven })],
  'suppressions.list': (face, { suppressionCursor: cursor }) => [
    () => face.suppressions.list(),
    () => face.suppressions.list({ limit: 1, cursor }),
  ],
  'messages.get': (face, { messageIds }) => messageIds.map((id) => () => face.messages.get(id)),
  'messages.list': (face, { messageCursor, template, customer, blocked }) => [
    () => face.messages.list(),
    () => face.messages.list({ limit: 1, cursor: messageCursor }),
    () => face.messages.list({ template }),
    () => face.messages.list({ recipient: customer }),
    () => face.messages.list({ address: blocked }),
    () => face.messages.list({ status: 'accepted' }),
    () => face.messages.list({ status: ['unknown', 'bounced', 'skipped', 'scheduled'] }),
    () => face.messages.list({ channel: 'email', createdFrom: new Date(0) }),
  ],
  'messages.timeline': (face, { messageIds }) => messageIds.map((id) => () => face.messages.timeline(id)),
  'messages.rendered': (face, { messageIds }) => messageIds.map((id) => () => face.messages.rendered(id)),
  'messages.cancel': (face, { messageIds, scheduled }) => [
    () => face.messages.cancel(scheduled),
    () => face.messages.cancel(messageIds),
  ],
  'messages.resolve': (face, { doubtful, messageIds }) => [
    () => face.messages.resolve([doubtful], 'resend', { by }),
    () => face.messages.resolve([doubtful], 'accepted', { by }),
    () => face.messages.resolve(messageIds, 'failed', { by }),
  ],
  'messages.resend': (face, { messageIds }) => [
    ...messageIds.map((id) => () => face.messages.resend(id)),
    ...messageIds.map((id) => () => face.messages.resend(id, { to: { email: 'burglar@example.com' } })),
  ],
  'recipients.sources': (face) => [() => face.recipients.sources()],
  'recipients.fields': (face, { customer: { source } }) => [() => face.recipients.fields(source)],
  'recipients.list': (face, { customer: { source } }) => [
    () => face.recipients.list({ source }),
    () => face.recipients.list({ source, where: everybody, limit: 1 }),
    () => face.recipients.list({ source, where: { combinator: 'or', not: true, rules: [nobodyElse] } }),
  ],
  'recipients.count': (face, { customer: { source } }) => [
    () => face.recipients.count({ source }),
    () => face.recipients.count({ source, where: { combinator: 'or', rules: [nobodyElse] } }),
  ],
  'recipients.describe': (face, { customer: { source } }) => [
    () => face.recipients.describe({ source, where: everybody }),
  ],
  'broadcasts.plan': (face, { template, identity, customer, segment, blocked }) => [
    () => face.broadcasts.plan({ ...adHoc, to: { source: customer.source, where: everybody } }),
    () => face.broadcasts.plan({ ...adHoc, to: customer }),
    () => face.broadcasts.plan({ ...adHoc, to: { segment } }),
    () => face.broadcasts.plan({ ...adHoc, to: [{ email: blocked }, { email: 'a@example.com' }] }),
    () => face.broadcasts.plan({ ...adHoc, identity, to: { email: 'a@example.com' } }),
    () => face.broadcasts.plan({ template, to: { email: 'a@example.com' } }),
  ],
  'broadcasts.start': (face, { broadcastIds }) => [
    ...broadcastIds.map((id) => () => face.broadcasts.start(id)),
    ...broadcastIds.map((id) => () => face.broadcasts.start(id, { at: new Date(8.64e15), maxCost: '1' })),
    async () => face.broadcasts.start((await face.broadcasts.list()).items[0]?.id ?? ''),
  ],
  'broadcasts.get': (face, { broadcastIds }) => broadcastIds.map((id) => () => face.broadcasts.get(id)),
  'broadcasts.list': (face, { broadcastCursor: cursor }) => [
    () => face.broadcasts.list(),
    () => face.broadcasts.list({ cursor, limit: 10 }),
  ],
  'broadcasts.pause': (face, { broadcastIds }) => broadcastIds.map((id) => () => face.broadcasts.pause(id)),
  'broadcasts.resume': (face, { broadcastIds }) => broadcastIds.map((id) => () => face.broadcasts.resume(id)),
  'broadcasts.cancel': (face, { broadcastIds }) => broadcastIds.map((id) => () => face.broadcasts.cancel(id)),
  'broadcasts.retryFailed': (face, { broadcastIds }) =>
    broadcastIds.map((id) => () => face.broadcasts.retryFailed(id)),
  send: (face, { idempotent, template, identity, customer, blocked, segment }) => [
    () => face.send(idempotent),
    () => face.send({ ...adHoc, to: { email: 'a@example.com' }, key: idempotent.key }),
    () => face.send({ template, version: 1, to: { email: 'a@example.com' } }),
    () => face.send({ ...adHoc, identity, to: { email: 'a@example.com' } }),
    () => face.send({ ...adHoc, to: customer }),
    () => face.send({ ...adHoc, to: { segment } }),
    () => face.send({ ...adHoc, to: [{ source: customer.source, where: everybody }, customer] }),
    () => face.send({ ...adHoc, to: { source: customer.source, where: { ...everybody, combinator: 'or' } } }),
    () => face.send({ ...adHoc, to: { email: blocked }, wait: 'accepted' }),
  ],
  preview: (face, { template, identity, customer, blocked }) => [
    () => face.preview({ template }),
    () => face.preview({ ...adHoc, identity }),
    () => face.preview({ ...adHoc, to: customer }),
    () => face.preview({ ...adHoc, to: { email: blocked } }),
  ],
  on: (face, _, listener) => [() => face.on('message.queued', listener)()],
  once: (face, _, listener) => [() => face.once('message.queued', listener)()],
  off: (face, _, listener) => [() => face.off('message.queued', listener)],
};

/** What came of every attempt, in an order of the methods. */
export async function burgle(
  face: Face,
  known: Known,
  methods: readonly string[],
  listener: () => void,
): Promise<readonly unknown[]> {
  const loot: unknown[] = [];
  for (const method of methods) {
    for (const attempt of burglary[method]?.(face, known, listener) ?? []) {
      loot.push([method, await answerOf(attempt)]);
    }
  }
  return loot;
}

async function answerOf(attempt: () => unknown): Promise<unknown> {
  try {
    return { answer: await attempt() };
  } catch (error) {
    // Anything else is a defect, and no answer.
    if (!(error instanceof PosthornError)) throw error;
    const { code, message, path, advice, issues } = error;
    return { code, message, path, advice, issues };
  }
}

const TOKEN = /(?<=subject=unsubscribe%20)[\w-]+/g;
const ID = /[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}/g;

/** Without what differs from run to run: ids become numbers, in order of appearance, times, cursors and tokens their kind. */
export function comparable(loot: readonly unknown[]): unknown {
  const ids = new Map<string, string>();
  const numbered = (id: string) => {
    const known = ids.get(id) ?? `id ${ids.size + 1}`;
    ids.set(id, known);
    return known;
  };
  return JSON.parse(
    JSON.stringify(loot, function (this: Record<string, unknown>, name, value) {
      if (this[name] instanceof Date) return 'a time';
      if (name === 'next' && typeof value === 'string') return 'a cursor';
      return typeof value === 'string' ? value.replace(TOKEN, 'a token').replace(ID, numbered) : value;
    }),
  );
}
