import type { EmailEnvelope, Outcome, Transport } from '@posthorn/core';
import { type SmtpTestServer, type SmtpTestServerOptions, startSmtpTestServer } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { type SmtpSettingsInput, smtpSettings } from './settings.ts';
import { openSmtpTransport } from './transport.ts';

/** A server and an account on it, both closed when the test ends. */
export async function openAccount(
  options: SmtpTestServerOptions = {},
  settings: Partial<SmtpSettingsInput> = {},
): Promise<{ server: SmtpTestServer; transport: Transport }> {
  const server = await startSmtpTestServer(options);
  const transport = accountOn(server.port, settings);
  onTestFinished(async () => {
    await transport.close();
    await server.close();
  });
  return { server, transport };
}

export function accountOn(port: number, settings: Partial<SmtpSettingsInput> = {}): Transport {
  const relay = settings.username === undefined ? ({ authentication: 'none' } as const) : {};
  return openSmtpTransport(
    smtpSettings.parse({ host: '127.0.0.1', port, security: 'none', ...relay, ...settings }),
  );
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
  envelope: EmailEnvelope,
  signal?: AbortSignal,
): Promise<Outcome | undefined> {
  return (await send(transport, [envelope], signal)).get(envelope.messageId);
}
