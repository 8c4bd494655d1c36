import { describe, expect, it } from 'vitest';
import type { MessageRecord, Report } from '../ports/index.ts';
import type { Match } from './match.ts';
import { factOf } from './reported-fact.ts';

const CREATED = Date.UTC(2026, 0, 1, 12);
const RECEIVED = CREATED + 60_000;

const message: MessageRecord = {
  id: '0190a000-0000-7000-8000-000000000001',
  tenant: 'sol',
  channel: 'email',
  template: null,
  versionId: 'v',
  skeletonId: 's',
  slots: [],
  sealedSlots: null,
  identity: null,
  from: { address: 'hej@salonsol.dk' },
  replyTo: null,
  account: 'sendgrid',
  accountTenant: '$platform',
  recipient: null,
  toName: null,
  address: 'Anna@Example.dk',
  addressKey: 'key of anna',
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  headers: {},
  attachments: [],
  key: null,
  resendOf: null,
  broadcast: 'b1',
  createdAt: CREATED,
  sendAt: null,
  expiresAt: null,
};
const match: Match = { message, attempt: 2, byAddress: false };
const report = (parts: Partial<Report> = {}): Report => ({
  type: 'delivered',
  token: 'token',
  providerId: 'sg-1',
  address: 'anna@example.dk',
  occurredAt: CREATED + 5_000,
  failure: null,
  list: null,
  detail: { provider: 'delivered' },
  ...parts,
});
const eventOf = (parts: Partial<Report> = {}, receivedAt = RECEIVED, of = match) =>
  factOf(report(parts), of, receivedAt).event;

describe('the event of a report', () => {
  it('says what the report says, of the attempt it is about', () => {
    expect(eventOf()).toMatchObject({
      tenant: 'sol',
      messageId: message.id,
      type: 'delivered',
      attempt: 2,
      occurredAt: CREATED + 5_000,
      recordedAt: RECEIVED,
      detail: { provider: 'delivered' },
    });
    expect(eventOf({ type: 'other', detail: { provider: 'teleported' } })).toMatchObject({
      type: 'reported',
      detail: { provider: 'teleported' },
    });
  });

  it('has an id in the shape of ours, which sorts by the time', () => {
    const ids = [1, 2, 3].map((second) => eventOf({ occurredAt: CREATED + second * 1000 }).id);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([...ids].sort()).toEqual(ids);
  });

  it('has the same id whenever the same is said again, and another where anything else is', () => {
    const { id } = eventOf();
    expect(eventOf({ token: null, providerId: 'other', address: null }, RECEIVED + 9_000).id).toBe(id);
    const others: Partial<Report>[] = [
      { type: 'bounced' },
      { occurredAt: CREATED + 6_000 },
      { detail: { provider: 'delivered', ip: '192.0.2.1' } },
      { failure: { category: 'other', fault: 'nobody' } },
      { list: 'news' },
    ];
    const ids = others.map((parts) => eventOf(parts).id);
    expect(new Set([id, ...ids, eventOf({}, RECEIVED, { ...match, attempt: 1 }).id]).size).toBe(7);
  });

  it('has the same id where the report has no time of its own, whenever it comes', () => {
    const first = eventOf({ occurredAt: null }, RECEIVED);
    const again = eventOf({ occurredAt: null }, RECEIVED + 9_000);
    expect(again.id).toBe(first.id);
    expect(first.occurredAt).toBe(RECEIVED);
  });

  it('has the same id where the provider’s clock is ahead of ours, whenever the report comes', () => {
    const ahead = { occurredAt: RECEIVED + 3_600_000 };
    const ids = [RECEIVED, RECEIVED + 3_600_000, RECEIVED + 7_200_000].map((at) => eventOf(ahead, at).id);
    expect(new Set(ids).size).toBe(1);
  });

  it.each([
    ['far in the future', RECEIVED + 3_600_000, RECEIVED],
    ['a little ahead of our clock', RECEIVED + 60_000, RECEIVED + 60_000],
    ['before the message was made', CREATED - 900, CREATED],
    ['none', null, RECEIVED],
    ['no number', Number.NaN, RECEIVED],
    ['beyond all time', Number.MAX_VALUE, RECEIVED],
    ['before all time', -1, RECEIVED],
  ])('has a time that can be: %s', (_, occurredAt, expected) => {
    expect(eventOf({ occurredAt }).occurredAt).toBe(expected);
  });
});

describe('what a report says of an address', () => {
  const addressOf = (parts: Partial<Report>, of = match) => factOf(report(parts), of, RECEIVED).address;

  it('names the message, the provider’s id and the list', () => {
    expect(addressOf({ type: 'unsubscribed', list: '17' })).toMatchObject({
      tenant: 'sol',
      channel: 'email',
      addressKey: 'key of anna',
      address: 'anna@example.dk',
      type: 'unsubscribed',
      list: '17',
      evidence: {
        how: 'provider',
        message: message.id,
        broadcast: 'b1',
        list: '17',
        providerId: 'sg-1',
        occurredAt: '2026-01-01T12:00:05.000Z',
      },
    });
  });

  it('is one answer, whichever message was the latest when it came, and whenever that was', () => {
    const stop: Partial<Report> = { type: 'unsubscribed', providerId: 'SM1', occurredAt: null };
    const byAddress = { ...match, byAddress: true };
    const later = { ...byAddress, message: { ...message, id: '0190a000-0000-7000-8000-000000000002' } };
    const ids = [
      addressOf(stop, byAddress)?.id,
      addressOf({ ...stop, occurredAt: RECEIVED - 1 }, later)?.id,
      addressOf({ ...stop, providerId: 'SM2' }, byAddress)?.id,
    ];
    expect(ids[0]).toBe(ids[1]);
    expect(ids[2]).not.toBe(ids[0]);
    const sms = { ...byAddress, message: { ...message, channel: 'sms', address: '+4512345678' } as const };
    expect(addressOf(stop, sms)?.evidence).toMatchObject({ how: 'reply', providerId: 'SM1' });
  });

  it('is nothing for what is about the message alone, or a message without an address', () => {
    expect(addressOf({ type: 'bounced' })).toBeNull();
    const erased = { ...match, message: { ...message, address: null, addressKey: null } };
    expect(addressOf({ type: 'complained' }, erased)).toBeNull();
  });
});
