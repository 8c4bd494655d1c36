import { emailEnvelope, type SendGridAnswer, type SendGridRequest } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { broadcast, openAccount, send } from './account.test-kit.ts';

const answering = (answer: SendGridAnswer) => openAccount({ script: () => answer });
const error = (message: string, field?: string) => (field === undefined ? { message } : { message, field });

describe('a bad request', () => {
  it('costs nobody but the recipients that SendGrid names, each with its own reason', async () => {
    const { server, transport } = await openAccount();
    const batch = [...broadcast(5)];
    for (const place of [1, 3])
      batch[place] = { ...(batch[place] ?? emailEnvelope()), to: { address: `not an address ${place}` } };
    const outcomes = await send(transport, batch);
    expect(batch.map(({ messageId }) => outcomes.get(messageId)?.status)).toEqual([
      'accepted',
      'refused',
      'accepted',
      'refused',
      'accepted',
    ]);
    expect(outcomes.get(batch[3]?.messageId ?? '')).toMatchObject({
      retryable: false,
      failure: {
        category: 'bad_request',
        fault: 'recipient',
        reply: { code: 400, text: 'personalizations.3.to.0.email: Does not contain a valid address.' },
      },
    });
    expect(server.requests.map(({ recipients }) => recipients.length)).toEqual([5, 3]);
    expect(server.messages).toHaveLength(3);
  });

  it('costs nobody else where SendGrid stops at the first it finds', async () => {
    const isBad = (address: string) => /-(2|5|7)@/.test(address);
    const script = ({ recipients }: SendGridRequest) => {
      const place = recipients.findIndex(isBad);
      if (place < 0) return undefined;
      return { status: 400, errors: [error('no', `personalizations.${place}.to.0.email`)] };
    };
    const { server, transport } = await openAccount({ script });
    const outcomes = await send(transport, broadcast(9));
    expect([...outcomes.values()].filter(({ status }) => status === 'refused')).toHaveLength(3);
    expect(server.messages.map(({ to }) => to).filter(isBad)).toEqual([]);
    expect(server.messages).toHaveLength(6);
  });

  it('is found by halves where SendGrid says that somebody is wrong, and not who', async () => {
    const script = ({ recipients }: SendGridRequest) =>
      recipients.some((address) => address.includes('-6@'))
        ? { status: 400, errors: [error('one of them', 'personalizations')] }
        : undefined;
    const { server, transport } = await openAccount({ script });
    const outcomes = await send(transport, broadcast(16));
    expect([...outcomes.values()].filter(({ status }) => status === 'refused')).toHaveLength(1);
    expect(server.messages).toHaveLength(15);
  });

  it.each<[string, string | null]>([
    ['no field', null],
    ['the word "null", as its description writes it', 'null'],
  ])('is found by halves where SendGrid names %s', async (_what, field) => {
    const script = ({ recipients }: SendGridRequest) =>
      recipients.some((address) => address.includes('-6@'))
        ? { status: 400, body: JSON.stringify({ errors: [{ message: 'invalid request', field }] }) }
        : undefined;
    const { server, transport } = await openAccount({ script });
    const outcomes = [...(await send(transport, broadcast(16))).values()];
    expect(outcomes.filter(({ status }) => status === 'refused')).toMatchObject([
      { retryable: false, failure: { category: 'bad_request', reply: { text: 'invalid request' } } },
    ]);
    expect(server.messages).toHaveLength(15);
  });

  it('costs the recipients it names, and nobody else, where it says more without a field', async () => {
    const script = ({ recipients }: SendGridRequest) =>
      recipients.length === 4
        ? { status: 400, errors: [error('no', 'personalizations.1.to.0.email'), error('see above')] }
        : undefined;
    const { server, transport } = await openAccount({ script });
    const outcomes = await send(transport, broadcast(4));
    expect([...outcomes.values()].filter(({ status }) => status === 'refused')).toHaveLength(1);
    expect(server.requests.map(({ recipients }) => recipients.length)).toEqual([4, 3]);
  });

  it.each([
    [400, 'content.0.value'],
    [404, undefined],
  ])('in what all share refuses all, once (%i)', async (status, field) => {
    const { server, transport } = await answering({ status, errors: [error('No.', field)] });
    const outcomes = await send(transport, broadcast(20));
    for (const outcome of outcomes.values())
      expect(outcome).toMatchObject({
        retryable: false,
        failure: { category: 'bad_request', fault: 'content' },
      });
    expect(server.requests).toHaveLength(1);
  });

  it('that names a recipient who is not there refuses, and does not go on for ever', async () => {
    const { server, transport } = await answering({
      status: 400,
      errors: [error('?', 'personalizations.77.to')],
    });
    const outcomes = await send(transport, broadcast(4));
    expect([...outcomes.values()].map(({ status }) => status)).toEqual(Array(4).fill('refused'));
    expect(server.requests.length).toBeLessThan(10);
  });
});
