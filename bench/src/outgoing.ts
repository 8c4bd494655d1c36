import { randomUUID } from 'node:crypto';
import type { SmtpSettingsInput } from '@posthorn/adapter-smtp';
import type { EmailEnvelope } from '@posthorn/core';
import type { SendMailOptions } from 'nodemailer';
import { filledIn, HTML, makeSkeleton, SUBJECT, slotsOf, TEXT } from './mail.ts';

/** What a process that sends mails is told. */
export interface SendJob {
  readonly port: number;
  /** Mails sent before the clock starts, so that the code is compiled and the connections are open. */
  readonly warmUp: number;
  readonly mails: number;
  readonly dkim?: { readonly domainName: string; readonly keySelector: string; readonly privateKey: string };
}

const BOUNCE_DOMAIN = 'bounces.example.com';
const FROM = { name: 'Salon Sol', address: 'hej@example.com' };

/** The settings of an account at a mail server on loopback: defaults, and a VERP return path. */
export function accountAt(port: number): SmtpSettingsInput {
  return {
    host: '127.0.0.1',
    port,
    security: 'none',
    authentication: 'none',
    bounceDomain: BOUNCE_DOMAIN,
  };
}

const addressOf = (customer: number): string => `customer.${customer}@example.net`;
const returnTokenOf = (customer: number): string => customer.toString(36).padStart(55, 'q');

/** As Posthorn writes them in bulk mail. */
function headersOf(customer: number): Readonly<Record<string, string>> {
  const token = customer.toString(36).padStart(120, 'A');
  return {
    'List-Unsubscribe': `<https://salon.example.com/messages/unsubscribe/${token}>, <mailto:${FROM.address}?subject=unsubscribe%20${token}>`,
    'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
  };
}

/** Envelopes as core hands them to an adapter, for customers from `first` on. */
export function envelopesFor(first: number, count: number): readonly EmailEnvelope[] {
  const skeleton = makeSkeleton();
  const createdAt = Date.now();
  return Array.from({ length: count }, (_, index) => ({
    messageId: randomUUID(),
    attempt: 1,
    tenant: 'default',
    channel: 'email',
    slots: slotsOf(first + index),
    returnToken: returnTokenOf(first + index),
    createdAt,
    from: FROM,
    to: { name: `Anna Sørensen ${first + index}`, address: addressOf(first + index) },
    skeleton,
    headers: headersOf(first + index),
    attachments: [],
  }));
}

/** The same mails as a host gives them to nodemailer: every text is ready. */
export function mailsFor(first: number, count: number): readonly SendMailOptions[] {
  return Array.from({ length: count }, (_, index) => {
    const customer = first + index;
    return {
      envelope: { from: `b-${returnTokenOf(customer)}@${BOUNCE_DOMAIN}`, to: addressOf(customer) },
      from: FROM,
      to: { name: `Anna Sørensen ${customer}`, address: addressOf(customer) },
      subject: filledIn(SUBJECT, customer),
      html: filledIn(HTML, customer),
      text: filledIn(TEXT, customer),
      headers: headersOf(customer),
    };
  });
}
