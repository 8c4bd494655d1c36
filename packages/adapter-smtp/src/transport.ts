import {
  cleanReply,
  type EmailEnvelope,
  type Envelope,
  type Outcome,
  type SendOptions,
  type Transport,
} from '@posthorn/core';
import { composeMessage } from './compose-message.ts';
import type { Delivery } from './deliver-message.ts';
import { openSession } from './open-session.ts';
import { Pool } from './pool.ts';
import type { Session } from './session.ts';
import type { SmtpSettings } from './settings.ts';
import { verifyAccount } from './verify-account.ts';

const MAX_BATCH = 100;
const IDLE_MS = 10_000;
/** A quarter of it keeps every connection busy while the window is refilled. More in it would leave more in doubt after a crash. */
const WINDOW_PER_CONNECTION = 4;

/** An opened SMTP account. */
export function openSmtpTransport(settings: SmtpSettings): Transport {
  const pool = new Pool({
    open: (signal) => openSession(settings, signal),
    maxConnections: settings.maxConnections,
    idleMs: IDLE_MS,
  });

  /** `again`: a pooled connection had ended while it was idle, and nothing of the message was sent. */
  async function deliver(envelope: EmailEnvelope, signal: AbortSignal, again = false): Promise<Outcome> {
    const opened = await pool.acquire(signal, again);
    if ('failure' in opened) return opened.failure.outcome;
    const { session } = opened;
    const stale = session.uses > 0;
    const delivery = await attempt(session, envelope, signal);
    pool.release(session);
    if (delivery.hungUp && stale && !again) return await deliver(envelope, signal, true);
    return delivery.outcome;
  }

  async function attempt(session: Session, envelope: EmailEnvelope, signal: AbortSignal): Promise<Delivery> {
    const composed = await composeMessage(envelope, settings).catch(notBuilt);
    if ('status' in composed) return { outcome: composed, session: 'ready', hungUp: false };
    return await session.deliver(composed, signal, () => pool.passOn(session));
  }

  return {
    features: {
      maxBatch: MAX_BATCH,
      window: WINDOW_PER_CONNECTION * settings.maxConnections,
      attachments: true,
      reports: settings.reportedBy === undefined ? 'dsn' : 'webhook',
      tracking: false,
    },
    async send(batch: readonly Envelope[], { signal, onOutcome }: SendOptions): Promise<void> {
      await Promise.all(
        batch.map(async (envelope) => {
          const isEmail = envelope.channel === 'email';
          const outcome = isEmail
            ? await deliver(envelope, signal)
            : impossible('An SMTP account sends email only.');
          onOutcome(envelope.messageId, outcome);
        }),
      );
    },
    verify: (options) => verifyAccount(settings, options),
    close: () => pool.close(),
  };
}

/** Nobody knows whether it will pass (too many open files), so it is tried again. */
function notBuilt(error: unknown): Outcome {
  const text = cleanReply(
    `The message could not be built: ${error instanceof Error ? error.message : error}`,
  );
  return {
    status: 'refused',
    retryable: true,
    failure: { category: 'other', fault: 'nobody', reply: { text } },
  };
}

function impossible(text: string): Outcome {
  return {
    status: 'refused',
    retryable: false,
    failure: { category: 'bad_request', fault: 'nobody', reply: { text } },
  };
}
