import { randomUUID } from 'node:crypto';
import type { SmsEnvelope } from '@posthorn/core';

const SENDER = '+4512345678';

/** What a text message says to the customer of that number. */
export function textOf(customer: number): string {
  return `Dear customer ${customer}, we look forward to seeing you on Friday at 10:30. Salon Sol`;
}

/** Envelopes as core hands them to an adapter, for customers from `first` on. */
export function smsEnvelopesFor(first: number, count: number): readonly SmsEnvelope[] {
  const createdAt = Date.now();
  return Array.from({ length: count }, (_, index) => ({
    messageId: randomUUID(),
    attempt: 1,
    tenant: 'default',
    channel: 'sms',
    slots: [String(first + index)],
    returnToken: (first + index).toString(36).padStart(55, 'q'),
    createdAt,
    from: SENDER,
    to: numberOf(first + index),
    skeleton: {
      id: 'f'.repeat(64),
      channel: 'sms',
      locale: 'en',
      text: ['Dear customer ', 0, ', we look forward to seeing you on Friday at 10:30. Salon Sol'],
      slotCount: 1,
      sensitiveSlots: [],
    },
  }));
}

/** The same messages as a host gives them to Twilio's library. */
export function textMessagesFor(first: number, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    from: SENDER,
    to: numberOf(first + index),
    body: textOf(first + index),
    statusCallback: `https://salon.example.com/callbacks?token=${(first + index).toString(36).padStart(55, 'q')}`,
  }));
}

function numberOf(customer: number): string {
  return `+4520${String(customer).padStart(6, '0')}`;
}
