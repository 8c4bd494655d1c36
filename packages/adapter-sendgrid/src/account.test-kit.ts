import {
  type EmailEnvelope,
  type EmailSkeleton,
  type Envelope,
  type Outcome,
  systemClock,
  type Transport,
} from '@posthorn/core';
import {
  emailEnvelope,
  type SendGridTestServer,
  type SendGridTestServerOptions,
  startSendGridTestServer,
} from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { type SendGridSettings, type SendGridSettingsInput, sendgridSettings } from './settings.ts';
import { openSendGridTransport } from './transport.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A server and an account on it, both closed when the test ends. */
export async function openAccount(
  options: SendGridTestServerOptions = {},
  settings: Partial<SendGridSettingsInput> = {},
): Promise<{ server: SendGridTestServer; transport: Transport }> {
  const server = await startSendGridTestServer(options);
  const transport = accountOn(server, settings);
  onTestFinished(async () => {
    await transport.close();
    await server.close();
  });
  return { server, transport };
}

export function accountOn(
  { url, apiKey }: Pick<SendGridTestServer, 'url' | 'apiKey'>,
  settings: Partial<SendGridSettingsInput> = {},
  clock = systemClock,
): Transport {
  const checked = sendgridSettings.parse({ apiKey, baseUrl: url, ...settings });
  return openSendGridTransport(checked, { clock, log: silent });
}

/** Outcomes by message id, in the order in which they came. */
export async function send(
  transport: Transport,
  batch: readonly EmailEnvelope[],
  signal: AbortSignal = new AbortController().signal,
): Promise<ReadonlyMap<string, Outcome>> {
  const outcomes = new Map<string, Outcome>();
  await transport.send(batch, { signal, onOutcome: (id, outcome) => outcomes.set(id, outcome) });
  return outcomes;
}

export async function sendOne(
  transport: Transport,
  envelope: EmailEnvelope = emailEnvelope(),
): Promise<Outcome | undefined> {
  return (await send(transport, [envelope])).get(envelope.messageId);
}

/** One content, as core shares it between the messages of a broadcast. */
export function skeleton(parts: Partial<EmailSkeleton> = {}): EmailSkeleton {
  return { ...emailEnvelope().skeleton, ...parts };
}

/** Messages of one broadcast: the same content, each with its own slot. */
export function broadcast(count: number, parts: Partial<EmailEnvelope> = {}): readonly EmailEnvelope[] {
  const shared = skeleton();
  return Array.from({ length: count }, (_, index) =>
    emailEnvelope({
      skeleton: shared,
      to: { name: `Customer ${index}`, address: `customer-${index}@customers.example` },
      slots: [`Customer ${index}`],
      ...parts,
    }),
  );
}

/** Settings, checked and completed, of an account that needs no server. */
export function settingsOf(settings: Partial<SendGridSettingsInput> = {}): SendGridSettings {
  return sendgridSettings.parse({ apiKey: 'SG.an-api-key', ...settings });
}

export interface Delivery {
  readonly server: SendGridTestServer;
  readonly outcomes: ReadonlyMap<string, Outcome>;
  of(envelope: Envelope | undefined): Outcome | undefined;
}

/** Hands a batch over to a server of its own, and says what became of it. A second outcome of a message is an error. */
export async function deliver(
  batch: readonly Envelope[],
  options: SendGridTestServerOptions = {},
  settings: Partial<SendGridSettingsInput> = {},
  clock?: Parameters<typeof accountOn>[2],
): Promise<Delivery> {
  const server = await startSendGridTestServer(options);
  const transport = accountOn(server, settings, clock);
  const outcomes = new Map<string, Outcome>();
  try {
    await transport.send(batch, {
      signal: new AbortController().signal,
      onOutcome(id, outcome) {
        if (outcomes.has(id)) throw new Error(`A second outcome of ${id}`);
        outcomes.set(id, outcome);
      },
    });
  } finally {
    await transport.close();
    await server.close();
  }
  return { server, outcomes, of: (envelope) => outcomes.get(envelope?.messageId ?? '') };
}

/** The parts of a request's body that tests look at. */
export function bodyOf(server: SendGridTestServer, request = 0): Readonly<Record<string, unknown>> {
  return server.requests[request]?.body as Readonly<Record<string, unknown>>;
}
