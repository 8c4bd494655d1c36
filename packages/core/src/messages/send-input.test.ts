import { describe, expectTypeOf, it } from 'vitest';
import type { SentMessage } from './message.ts';
import type { Send } from './send-input.ts';

const tags = {
  'customer.firstName': { label: 'First name' },
  'order.lines': { label: 'Lines', type: 'list', of: { name: 'text', price: 'money' } },
} as const;

const to = { source: 'customers', id: '1' };
const template = 'booking';

/** Only its types are looked at. */
const types = (send: Send<typeof tags>) => ({
  one: () => send({ template, to }),
  first: () => send({ template, to, channel: ['email', 'sms'] }),
  all: () => send({ template, to, channel: { all: ['email', 'sms'] } }),
  several: () => send({ template, to: [to, { email: 'a@b.dk' }] }),
  typed: () =>
    send({ template, to, data: { customer: { firstName: 'A' }, order: { lines: [{ price: '1.50' }] } } }),
  // @ts-expect-error: the catalogue knows no such tag.
  unknownTag: () => send({ template, to, data: { customer: { fristName: 'A' } } }),
  // @ts-expect-error: a list is no text.
  wrongType: () => send({ template, to, data: { order: { lines: 'none' } } }),
  // @ts-expect-error: there is no such option.
  unknownOption: () => send({ template, to, sendat: new Date() }),
  // @ts-expect-error: there is no such channel.
  unknownChannel: () => send({ template, to, channel: 'fax' }),
});

type Answers = {
  [Name in keyof ReturnType<typeof types>]: Awaited<ReturnType<ReturnType<typeof types>[Name]>>;
};

describe('the types of send', () => {
  it('answer one message for one recipient, and an array for several or for all channels', () => {
    expectTypeOf<Answers['one']>().toEqualTypeOf<SentMessage>();
    expectTypeOf<Answers['first']>().toEqualTypeOf<SentMessage>();
    expectTypeOf<Answers['all']>().toEqualTypeOf<SentMessage[]>();
    expectTypeOf<Answers['several']>().toEqualTypeOf<SentMessage[]>();
  });
});
