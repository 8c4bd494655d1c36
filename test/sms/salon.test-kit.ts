import { sqlite } from '@posthorn/backend-sqlite';
import {
  type AnyAdapter,
  arrayRecipients,
  createPosthorn,
  type MessageCost,
  type MessageToEstimate,
  type PhoneReader,
  type PosthornOptions,
} from '@posthorn/core';
import { createFakeClock, recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { passUntilSettled } from '../clock.test-kit.ts';

export const PUBLIC_URL = 'https://app.example.dk/m';
const GSM = /^[\n\r -~æøåÆØÅäöüÄÖÜñÑ€£]*$/;

/** Danish numbers have eight digits, those that begin with 3 are landlines; of other countries any number will do. */
const reader: PhoneReader = {
  read(text, country) {
    if (!text.startsWith('+') && country === null) return { ok: false, problem: 'no_country' };
    const number = text.startsWith('+')
      ? text
      : `${country === 'SE' ? '+46' : '+45'}${text.replace(/^0/, '')}`;
    if (!number.startsWith('+45')) return { ok: true, number, country: null };
    if (!/^\+45\d{8}$/.test(number)) return { ok: false, problem: 'impossible' };
    return number.startsWith('+453')
      ? { ok: false, problem: 'landline' }
      : { ok: true, number, country: 'DK' };
  },
};

/** A quarter of a krone for each part; Danish numbers only; nobody can answer a name. */
function estimate(_settings: object, { from, to, text }: MessageToEstimate): MessageCost {
  const costly = [...new Set(text)].filter((character) => !GSM.test(character));
  const [one, more] = costly.length === 0 ? [160, 153] : [70, 67];
  const segments = text.length <= one ? 1 : Math.ceil(text.length / more);
  return {
    segments,
    encoding: costly.length === 0 ? 'gsm-7' : 'ucs-2',
    costly,
    price: { amount: (segments * 0.25).toFixed(2), currency: 'DKK' },
    canReply: from.startsWith('+'),
    ...(to.startsWith('+45') ? {} : { refusal: 'country_not_allowed' as const }),
  };
}

export interface Customer {
  readonly id: string;
  readonly name?: string;
  readonly phone?: string;
  readonly email?: string;
  readonly locale?: string;
}

/** A Danish salon whose SMS provider is paid by the message, and remembers what it was given. */
export function openSalon(
  customers: readonly Customer[] = [],
  options: Partial<Pick<PosthornOptions, 'country' | 'limits' | 'locale' | 'publicUrl' | 'retention'>> = {},
) {
  const clock = createFakeClock('2026-11-24T09:00:00Z');
  const sms = recordingAdapter({ channel: 'sms' });
  const email = recordingAdapter({ channel: 'email' });
  let loads = 0;
  const phones = async () => {
    loads += 1;
    return reader;
  };
  const paid: AnyAdapter = { ...sms, estimate, phones, defaultSender: () => 'SALON' };
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [paid, email],
    secrets: { current: 'k1', keys: { k1: 'a key for tests, which keeps no secret at all' } },
    publicUrl: PUBLIC_URL,
    locale: 'da',
    timeZone: 'Europe/Copenhagen',
    recipients: {
      customers: arrayRecipients({
        label: 'Kunder',
        rows: [...customers],
        id: 'id',
        name: 'name',
        email: 'email',
        phone: 'phone',
        locale: 'locale',
      }),
    },
    log: { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined },
    clock,
    ...options,
  });
  onTestFinished(() => posthorn.close());
  const drain = () => passUntilSettled(clock, posthorn.drain({ maxMs: 10_000 }));
  return {
    posthorn,
    drain,
    clock,
    sms,
    email,
    /** How often what is known of phone numbers was asked for. */
    loads: () => loads,
    async allSent() {
      await drain();
      return sms.sent;
    },
  };
}

export const everybody = { source: 'customers', where: { combinator: 'and', rules: [] } };
