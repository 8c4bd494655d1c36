import { sqlite } from '@posthorn/backend-sqlite';
import {
  type Adapter,
  arrayRecipients,
  createPosthorn,
  type Envelope,
  type LiveEventName,
  type PosthornOptions,
  type Report,
  type TransportRuntime,
} from '@posthorn/core';
import { createFakeClock, type RecordingAdapter, recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';

/** An account that records what it sends, and whose provider reports whatever a test says. */
export interface ReportingAdapter extends Adapter<Record<string, never>> {
  readonly recording: RecordingAdapter;
  /** What travelled with each attempt of a message, in order. */
  tokens(messageId: string): readonly string[];
  /** Has this happen after each request has reached the provider, and before its answer has reached us. */
  beforeAnswer(happening: (batch: readonly Envelope[]) => Promise<void>): void;
}

export function reportingAdapter(channel: 'email' | 'sms', key = `test-${channel}`): ReportingAdapter {
  const recording = recordingAdapter({ channel, key });
  const tokens = new Map<string, string[]>();
  let happens: (batch: readonly Envelope[]) => Promise<void> = async () => undefined;
  return {
    ...recording,
    recording,
    tokens: (messageId) => tokens.get(messageId) ?? [],
    beforeAnswer(happening) {
      happens = happening;
    },
    open(settings: Record<string, never>, runtime: TransportRuntime) {
      const transport = recording.open(settings, runtime);
      return {
        ...transport,
        async send(batch, options) {
          for (const { messageId, returnToken } of batch) {
            tokens.set(messageId, [...(tokens.get(messageId) ?? []), returnToken]);
          }
          const outcomes = await transport.send(batch, options);
          await happens(batch);
          return outcomes;
        },
      };
    },
    webhook: {
      mediaTypes: ['application/json'],
      maxBodyBytes: 50_000_000,
      receive: async ({ body }) => ({
        status: 'received',
        reports: JSON.parse(Buffer.from(body).toString()),
      }),
    },
  };
}

const CUSTOMERS = [
  { id: '1', name: 'Anna', email: 'anna@example.dk', phone: '+4520123456', company: 'sol' },
  { id: '2', name: 'Bo', email: 'bo@example.dk', phone: '+4520123457', company: 'sol' },
  { id: '3', name: 'Anna', email: 'anna@example.dk', phone: '+4520123456', company: 'maane' },
];

/** A platform with salons that share an account for email and one for text messages, whose providers report. */
export async function openReportedSalon(options: Partial<PosthornOptions> = {}) {
  const clock = createFakeClock();
  const email = reportingAdapter('email');
  const sms = reportingAdapter('sms');
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [email, sms],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      customers: arrayRecipients({
        label: 'Customers',
        rows: CUSTOMERS,
        tenant: 'company',
        id: 'id',
        name: 'name',
        email: 'email',
        phone: 'phone',
      }),
    },
    publicUrl: 'https://app.example.dk/posthorn',
    clock,
    log: { debug() {}, info() {}, warn() {}, error() {} },
    ...(options as object),
  });
  onTestFinished(() => passUntilSettled(clock, posthorn.close()));

  /** Works off all that is due. */
  const work = () => passUntilSettled(clock, posthorn.drain({ maxMs: 600_000 }));
  const salonOf = (tenant: string) => openSalon(posthorn, tenant, work);

  /** Posts them to the account's webhook, as its provider would. */
  const report = async (account: string, ...reports: readonly Report[]): Promise<number> => {
    const request = new Request(`https://app.example.dk/posthorn/webhooks/${account}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(reports),
    });
    return (await posthorn.handler(request)).status;
  };
  return { posthorn, clock, email, sms, report, work, salonOf, sol: await salonOf('sol') };
}

type Salon = Awaited<ReturnType<typeof openSalon>>;
type Opened = ReturnType<typeof createPosthorn>;

/** One salon of the platform. */
async function openSalon(posthorn: Opened, tenant: string, work: () => Promise<void>) {
  const salon = posthorn.tenant(tenant, { locale: 'da' });
  await salon.identities.save({ key: 'salon', channel: 'email', address: `hej@${tenant}.dk` });
  await salon.identities.save({ key: 'salon', channel: 'sms', address: 'SALON' });
  return {
    ...salon,
    /** Sends a message to a customer, and works the queue. */
    async write(channel: 'email' | 'sms', id = '1', rest: object = {}) {
      const content =
        channel === 'email' ? { email: { subject: 'Vi ses', text: 'Hej' } } : { sms: { text: 'Vi ses' } };
      const message = await salon.send({ channel, to: { source: 'customers', id }, ...content, ...rest });
      await work();
      return message;
    },
  };
}

/** What a provider says, of the message that the token names. */
export function aReport(parts: Partial<Report> & Pick<Report, 'type'>): Report {
  return {
    token: null,
    providerId: null,
    address: null,
    occurredAt: Date.UTC(2026, 0, 1, 12, 0, 30),
    failure: null,
    list: null,
    detail: { provider: parts.type },
    ...parts,
  };
}

/** Names of live events and what they are about, in the order in which they came. */
export function listen({ on }: Pick<Salon, 'on'>, ...names: readonly LiveEventName[]) {
  const heard: [string, unknown][] = [];
  for (const name of names) on(name, (event) => heard.push([name, event]));
  return heard;
}
