import { join } from 'node:path';
import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import {
  arrayRecipients,
  createPosthorn,
  type LiveEventName,
  type Posthorn,
  type PosthornTenant,
  type SendInput,
} from '@posthorn/core';
import { type RecordingAdapter, recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { openFolder } from '../database.test-kit.ts';
import { silent, tags } from '../messages/salon.test-kit.ts';

/** The same face for every company. */
export type Face = PosthornTenant<typeof tags>;

/** A company on the platform, with words that nobody else has. */
export interface Company {
  readonly tenant: string;
  /** What all its keys begin with. */
  readonly prefix: string;
  readonly words: string;
}

/** One of the platform's customers; of which company is in the row. */
export interface CustomerRow {
  readonly id: string;
  readonly company: string;
  readonly name: string;
  readonly email: string;
}

export interface Platform {
  readonly posthorn: Posthorn<typeof tags>;
  readonly file: string;
  readonly email: RecordingAdapter;
}

/** A host with many companies, in a file of its own. */
export function openPlatform(rows: readonly CustomerRow[]): Platform {
  const email = recordingAdapter({ channel: 'email' });
  const file = join(openFolder(), 'messages.db');
  const posthorn = createPosthorn({
    backend: sqlite(file),
    adapters: [email, recordingAdapter({ channel: 'sms' }), smtp()],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    tags,
    recipients: {
      customers: arrayRecipients({
        label: 'Customers',
        rows,
        tenant: 'company',
        id: 'id',
        name: 'name',
        email: 'email',
      }),
    },
    log: silent,
  });
  onTestFinished(() => posthorn.close());
  return { posthorn, file, email };
}

/** The customers of a company. */
export function customersOf({ tenant, words, prefix }: Company): CustomerRow[] {
  return [{ id: `${prefix}-1`, company: tenant, name: words, email: `customer@${prefix}.example` }];
}

/** Everything by which a company's things can be named; what a competitor might get hold of. */
export interface Known {
  readonly account: string;
  readonly identity: string;
  readonly snippet: string;
  readonly template: string;
  readonly customer: { readonly source: string; readonly id: string };
  readonly segment: string;
  readonly subscription: string;
  readonly blocked: string;
  readonly forgiven: string;
  readonly idempotent: SendInput<typeof tags>;
  readonly messageIds: readonly string[];
  readonly doubtful: string;
  readonly scheduled: string;
  readonly messageCursor: string;
  readonly suppressionCursor: string;
  /** A plan, one that is to leave later, and that one paused. */
  readonly broadcastIds: readonly string[];
  readonly broadcastCursor: string;
}

/** Gives a company one of everything. */
export async function furnish({ email, posthorn }: Platform, face: Face, company: Company): Promise<Known> {
  const { prefix, words } = company;
  const named = (name: string) => `${prefix}-${name}`;
  const at = (name: string) => `${name}@${prefix}.example`;
  const [account, identity, snippet, template] = [
    named('server'),
    named('salon'),
    named('hi'),
    named('book'),
  ];
  const [customer] = customersOf(company);
  const to = { source: 'customers', id: customer?.id ?? '' };

  const settings = { host: '127.0.0.1', port: 1, security: 'none', username: words, password: `pw ${words}` };
  await face.accounts.save({ key: account, adapter: 'smtp', label: words, settings });
  await face.identities.save({ key: identity, channel: 'email', name: words, address: at('hello') });
  await face.identities.save({ key: named('own'), channel: 'email', address: at('own'), account });
  await face.identities.save({ key: identity, channel: 'sms', address: 'SALON' });
  await face.templates.save({ key: snippet, snippet: { html: `<b>${words}</b>`, text: words } });
  const content = {
    key: template,
    label: words,
    identity,
    attachments: [{ filename: 'a.txt', content: words }],
  };
  const html = `{% render "${snippet}" %}, {{ customer.firstName }}`;
  await face.templates.save({ ...content, email: { subject: words, html } });
  await face.templates.save({ ...content, email: { subject: `${words} 2`, html } });
  const segment = named('regulars');
  const where = { combinator: 'and', rules: [{ field: 'email.status', operator: '=', value: 'ok' }] };
  await face.segments.save({ key: segment, label: words, source: 'customers', where });
  const subscription = named('records');
  const handled = face.subscribe(subscription, ['message.accepted'], () => undefined);
  await face.subscriptions.list();
  // Stopped, so that what it would be given waits for it.
  await handled.stop();
  for (const blocked of ['blocked', 'forgiven', 'other']) {
    await face.suppressions.add({ email: at(blocked), by: words, note: words });
  }
  await face.suppressions.lift({ email: at('forgiven'), by: words });

  const idempotent = { template, to, data: { customer: { firstName: words } }, key: named('key') };
  const adHoc = { email: { subject: words, text: words } };
  const wait = 'accepted' as const;
  email.answer(at('doubt'), 'unknown');
  email.answer(at('gone'), 'bounced');
  const sent = await face.send({ ...idempotent, wait });
  const doubtful = await face.send({ ...adHoc, to: { email: at('doubt') }, wait });
  const bounced = await face.send({ ...adHoc, to: { email: at('gone') }, wait });
  const skipped = await face.send({ ...adHoc, to: { email: at('blocked') } });
  const sendAt = new Date(Date.now() + 3_600_000);
  const scheduled = await face.send({ ...adHoc, to: { email: at('later') }, identity: named('own'), sendAt });
  const broadcastIds: string[] = [];
  for (const label of ['planned', 'later', 'paused']) {
    const plan = await face.broadcasts.plan({ ...adHoc, label: `${words} ${label}`, to: { segment } });
    broadcastIds.push(plan.id);
    if (label === 'planned') continue;
    await face.broadcasts.start(plan.id, { at: sendAt });
    await posthorn.drain({ maxMs: 10_000 });
    if (label === 'paused') await face.broadcasts.pause(plan.id);
  }
  return {
    account,
    identity,
    snippet,
    template,
    customer: to,
    segment,
    subscription,
    blocked: at('blocked'),
    forgiven: at('forgiven'),
    idempotent,
    messageIds: [sent.id, doubtful.id, bounced.id, skipped.id, scheduled.id],
    doubtful: doubtful.id,
    scheduled: scheduled.id,
    messageCursor: (await face.messages.list({ limit: 1 })).next ?? '',
    suppressionCursor: (await face.suppressions.list({ limit: 1 })).next ?? '',
    broadcastIds,
    broadcastCursor: (await face.broadcasts.list({ limit: 1 })).next ?? '',
  };
}

const EVENTS: readonly LiveEventName[] = [
  'message.queued',
  'message.scheduled',
  'message.requeued',
  'message.accepted',
  'message.deferred',
  'message.bounced',
  'message.unknown',
  'message.skipped',
  'message.canceled',
  'message.failed',
  'account.paused',
  'account.resumed',
];

/** Everything that a face hears from now on. It grows. */
export function listen(face: Pick<Face, 'on'>): readonly unknown[] {
  const heard: unknown[] = [];
  for (const name of EVENTS) face.on(name, (event) => heard.push([name, event]));
  return heard;
}
