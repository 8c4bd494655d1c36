import type {
  Envelope,
  FailureCategory,
  Fault,
  Outcome,
  SendOptions,
  SmsEnvelope,
  Transport,
  TransportRuntime,
} from '@posthorn/core';
import { joinPart } from '@posthorn/core';
import { openTwilioApi } from './api.ts';
import { classifyAnswer } from './classify-answer.ts';
import { refusalOf } from './estimate-message.ts';
import { senderKind } from './sender.ts';
import { isLoopback, type TwilioSettings } from './settings.ts';
import { problemOf, textToSend } from './sms-text.ts';
import { verifyAccount } from './verify-account.ts';

/**
 * With these every connection has work while the window is refilled, and more would leave more in doubt after a crash: each
 * is money.
 */
const WINDOW_PER_CONNECTION = 2;

/** An opened Twilio account. */
export function openTwilioTransport(settings: TwilioSettings, runtime: TransportRuntime): Transport {
  const api = openTwilioApi(settings);
  const webhookUrl = webhookUrlFor(settings, runtime);

  async function deliver(envelope: SmsEnvelope, signal: AbortSignal): Promise<Outcome> {
    const text = textToSend(joinPart(envelope.skeleton.text, envelope.slots), settings);
    const problem = problemOf(text);
    if (problem !== null) return refused(problem.category, 'content', problem.text);
    const refusal = refusalOf(settings, envelope);
    if (refusal === 'country_not_allowed')
      return refused('policy', 'sender', 'The account does not send to the country of this number.');
    if (refusal === 'sender_not_allowed')
      return refused('sender_refused', 'sender', "The recipient's country takes no names as senders.");

    const form = new URLSearchParams({
      To: envelope.to,
      [senderKind(envelope.from) === 'service' ? 'MessagingServiceSid' : 'From']: envelope.from,
      Body: text,
      // What we count is what is sent.
      SmartEncoded: 'false',
    });
    if (webhookUrl !== undefined) form.set('StatusCallback', `${webhookUrl}?token=${envelope.returnToken}`);
    const reply = await api.post('/Messages.json', form, signal);
    return reply.status === 'failed' ? reply.outcome : classifyAnswer(reply, api.secrets);
  }

  return {
    features: {
      maxBatch: 1,
      window: WINDOW_PER_CONNECTION * settings.maxConnections,
      attachments: false,
      reports: 'webhook',
      tracking: false,
    },
    async send(batch: readonly Envelope[], { signal, onOutcome }: SendOptions): Promise<void> {
      await Promise.all(
        batch.map(async (envelope) => {
          const isSms = envelope.channel === 'sms';
          const outcome = isSms
            ? await deliver(envelope, signal)
            : refused('bad_request', 'nobody', 'A Twilio account sends text messages only.');
          onOutcome(envelope.messageId, outcome);
        }),
      );
    },
    verify: (options) => verifyAccount(api, settings, options),
    close: () => api.close(),
  };
}

/** Twilio refuses every message that names a callback on the developer's own machine (error 21609). */
function webhookUrlFor(
  { baseUrl }: TwilioSettings,
  { webhookUrl }: Pick<TransportRuntime, 'webhookUrl'>,
): string | undefined {
  const isOutOfReach = webhookUrl !== undefined && isLoopback(webhookUrl) && !isLoopback(baseUrl);
  return isOutOfReach ? undefined : webhookUrl;
}

function refused(category: FailureCategory, fault: Fault, text: string): Outcome {
  return { status: 'refused', retryable: false, failure: { category, fault, reply: { text } } };
}
