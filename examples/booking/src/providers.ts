import { sendgrid } from '@posthorn/adapter-sendgrid';
import { twilio } from '@posthorn/adapter-sms';
import type { AnyAdapter } from '@posthorn/core';
import {
  type SendGridEmail,
  sendGridEvent,
  startSendGridTestServer,
  startTwilioTestServer,
  type TwilioMessage,
} from '@posthorn/testing';
import type { Messaging } from './messaging.ts';

export const PROVIDER_NAMES = ['sendgrid', 'sms'] as const;
export type ProviderName = (typeof PROVIDER_NAMES)[number];

export function isProviderName(text: string): text is ProviderName {
  return PROVIDER_NAMES.some((name) => name === text);
}

/** A provider of the play: real HTTP on loopback, which answers and reports as the real one's documentation says. */
export interface Provider {
  readonly channel: 'email' | 'sms';
  readonly adapter: AnyAdapter;
  /** Reports what becomes of messages from now on. */
  reportTo(posthorn: Messaging): Promise<void>;
  /** Resolves when everything has been reported. */
  reported(): Promise<void>;
  /** What it has seen, in a sentence. */
  summary(): string;
  close(): Promise<void>;
}

export function openProvider(name: ProviderName): Promise<Provider> {
  return name === 'sendgrid' ? openSendGrid() : openTwilio();
}

async function openSendGrid(): Promise<Provider> {
  const server = await startSendGridTestServer();
  const { apiKey, webhookPublicKey, url: baseUrl } = server;
  return {
    channel: 'email',
    adapter: sendgrid({ apiKey, webhookPublicKey, baseUrl }),
    async reportTo(posthorn) {
      server.reportTo(await posthorn.accounts.webhookUrl('sendgrid'), eventsOf);
    },
    reported: () => server.reported(),
    summary: () =>
      `SendGrid took ${server.taken} emails in ${server.requests.length} requests, ` +
      `and posted ${server.posts.reduce((sum, { events }) => sum + events, 0)} events, signed.`,
    close: () => server.close(),
  };
}

/** What becomes of an email, by the word before the dot of the address: `gone.17@post.example`. Every tenth is opened. */
function eventsOf(email: SendGridEmail) {
  const processed = sendGridEvent(email, 'processed');
  if (email.to.startsWith('gone.')) {
    const reason = '550 5.1.1 No such user here';
    return [processed, sendGridEvent(email, 'bounce', { type: 'bounce', status: '5.1.1', reason })];
  }
  if (email.to.startsWith('busy.')) {
    return [
      processed,
      sendGridEvent(email, 'deferred', { response: '450 4.2.0 This mailbox is being moved' }),
    ];
  }
  const delivered = [processed, sendGridEvent(email, 'delivered', { response: '250 Ok' })];
  const isOpened = Number(/\.(\d+)@/.exec(email.to)?.[1] ?? 0) % 10 === 0;
  return isOpened ? [...delivered, sendGridEvent(email, 'open', { sg_machine_open: false })] : delivered;
}

async function openTwilio(): Promise<Provider> {
  const server = await startTwilioTestServer({ statuses: statusesOf });
  const { accountSid, authToken, url: baseUrl } = server;
  const price = { amount: '0.35', currency: 'DKK' };
  return {
    channel: 'sms',
    adapter: twilio({ accountSid, authToken, baseUrl, from: 'SALON SOL', price }),
    // Every message says itself where it is reported.
    reportTo: async () => undefined,
    reported: () => server.reported(),
    summary: () => `Twilio took ${server.taken} text messages, and reported each of them, signed.`,
    close: () => server.close(),
  };
}

/** Of every thirtieth number nobody answers. */
function statusesOf({ to }: TwilioMessage): readonly string[] {
  return Number(to.slice(-6)) % 30 === 0 ? ['sent', 'undelivered:30003'] : ['sent', 'delivered'];
}
