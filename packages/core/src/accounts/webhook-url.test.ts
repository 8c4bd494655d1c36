import fc from 'fast-check';
import { expect, it } from 'vitest';
import { PLATFORM_TENANT } from '../context.ts';
import { readWebhookAccount, webhookUrlOf } from './webhook-url.ts';

const HOST = { publicUrl: 'https://app.example.dk/messages' };

it("the platform's account is named by its key, a tenant's by both", () => {
  expect(webhookUrlOf(HOST, { tenant: PLATFORM_TENANT, key: 'sendgrid' })).toBe(
    'https://app.example.dk/messages/webhooks/sendgrid',
  );
  expect(webhookUrlOf(HOST, { tenant: 'salon-sol', key: 'own' })).toBe(
    'https://app.example.dk/messages/webhooks/own~salon-sol',
  );
});

it('without a public URL there is nothing to call', () => {
  expect(webhookUrlOf({ publicUrl: null }, { tenant: 'default', key: 'own' })).toBeUndefined();
});

it('every tenant finds its way back, whatever it is called', () => {
  const tenant = fc.string({ minLength: 1, maxLength: 128, unit: 'grapheme' }).filter(isTenant);
  fc.assert(
    fc.property(tenant, (name) => {
      const url = new URL(webhookUrlOf(HOST, { tenant: name, key: 'own' }) ?? '');
      const segment = url.pathname.split('/').at(-1) ?? '';
      expect(readWebhookAccount(segment)).toEqual({ tenant: name, key: 'own' });
    }),
  );
});

it.each(['', '~salon', 'own~', 'own~%', 'own~$platform', 'own~%24platform', 'o wn~salon', '__pro%74o__'])(
  '%j names no account',
  (segment) => {
    expect(readWebhookAccount(segment)).toBeNull();
  },
);

function isTenant(id: string): boolean {
  return /^[^\p{Cc}\p{Cs}$][^\p{Cc}\p{Cs}]{0,127}$/u.test(id);
}
