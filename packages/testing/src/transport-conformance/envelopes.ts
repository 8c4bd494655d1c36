import type { EmailEnvelope, Envelope, SmsEnvelope } from '@posthorn/core';

let made = 0;

/** Parts of an envelope; the rest is made up, and its message id is unique. */
export type EmailEnvelopeParts = Partial<Omit<EmailEnvelope, 'channel'>>;
/** Parts of an envelope; the rest is made up, and its message id is unique. */
export type SmsEnvelopeParts = Partial<Omit<SmsEnvelope, 'channel'>>;

/**
 * An email that is ready to be handed over.
 *
 * @example
 * ```ts
 * import { emailEnvelope } from '@posthorn/testing';
 *
 * const envelope = emailEnvelope({ to: { address: 'anna@example.com' } });
 * ```
 */
export function emailEnvelope(parts: EmailEnvelopeParts = {}): EmailEnvelope {
  return {
    ...madeUp(),
    channel: 'email',
    slots: ['Anna'],
    from: { name: 'Salon Sol', address: 'hello@salon.example' },
    to: { name: 'Anna', address: 'anna@customers.example' },
    skeleton: {
      id: 'skeleton-email',
      channel: 'email',
      locale: 'en',
      slotCount: 1,
      sensitiveSlots: [],
      subject: ['Your booking'],
      text: ['Hello ', 0, ', see you soon.'],
      html: ['<p>Hello ', 0, ', see you soon.</p>'],
      attachments: [],
    },
    headers: {},
    attachments: [],
    ...parts,
  };
}

/**
 * A text message that is ready to be handed over.
 *
 * @example
 * ```ts
 * import { smsEnvelope } from '@posthorn/testing';
 *
 * const envelope = smsEnvelope({ to: '+4512345678' });
 * ```
 */
export function smsEnvelope(parts: SmsEnvelopeParts = {}): SmsEnvelope {
  return {
    ...madeUp(),
    channel: 'sms',
    slots: ['Anna'],
    from: 'SALON',
    to: '+4520000000',
    skeleton: {
      id: 'skeleton-sms',
      channel: 'sms',
      locale: 'en',
      slotCount: 1,
      sensitiveSlots: [],
      text: ['Hello ', 0, ', see you soon.'],
    },
    ...parts,
  };
}

/** An envelope of the channel to the recipient with this number: the same number, the same address. */
export function numberedEnvelope(channel: Envelope['channel'], recipient: number): Envelope {
  return channel === 'sms'
    ? smsEnvelope({ to: `+452${String(recipient).padStart(7, '0')}` })
    : emailEnvelope({ to: { address: `customer-${recipient}@customers.example` } });
}

/** Whom an envelope goes to. */
export function addressOf(envelope: Envelope): string {
  return envelope.channel === 'sms' ? envelope.to : envelope.to.address;
}

function madeUp() {
  made += 1;
  const id = String(made).padStart(12, '0');
  return {
    messageId: `01936f00-0000-7000-8000-${id}`,
    attempt: 1,
    tenant: 'default',
    returnToken: `t${id}`,
    createdAt: Date.UTC(2026, 10, 27, 10, 0, 0),
  };
}
