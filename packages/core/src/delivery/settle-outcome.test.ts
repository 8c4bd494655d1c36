import { describe, expect, it } from 'vitest';
import { advance } from '../events/index.ts';
import type {
  Clock,
  DeliveryRecord,
  Failure,
  MessageRecord,
  Outcome,
  RefusedOutcome,
  Transition,
} from '../ports/index.ts';
import { type Settlement, settleOutcome } from './settle-outcome.ts';

const NOW = Date.UTC(2026, 10, 27, 9);
const MINUTE = 60_000;
/** The retry table's first delay after a plain 45x. */
const BUSY_MS = 15_000;
const clock: Clock = { now: () => NOW, sleep: async () => undefined };

const message: MessageRecord = {
  id: '019ac000-0000-7000-8000-000000000001',
  tenant: 'salon-sol',
  channel: 'email',
  template: null,
  versionId: 'v',
  skeletonId: 's',
  slots: [],
  sealedSlots: null,
  identity: null,
  from: { address: 'hej@salonsol.dk' },
  replyTo: null,
  account: 'smtp',
  accountTenant: '$platform',
  recipient: null,
  toName: null,
  address: 'anna@example.dk',
  addressKey: null,
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  headers: {},
  attachments: [],
  key: null,
  resendOf: null,
  broadcast: null,
  createdAt: NOW - MINUTE,
  sendAt: null,
  expiresAt: null,
};

const refusal = (failure: Partial<Failure>, rest: Partial<RefusedOutcome> = {}): RefusedOutcome => ({
  status: 'refused',
  retryable: true,
  failure: { category: 'other', fault: 'nobody', ...failure },
  ...rest,
});
const busy = refusal({ category: 'server_error', reply: { code: 451, text: 'busy' } });
const wrongPassword = refusal({ category: 'credentials', reply: { code: 535, text: 'no' } });

/** What a store would make of it: the row as a lease left it, then each transition that still holds. */
interface Row {
  readonly delivery: DeliveryRecord;
  readonly token: string | null;
}

const sending = (attempt: number, outcome: DeliveryRecord['outcome'] = null): Row => ({
  delivery: {
    messageId: message.id,
    work: 'sending',
    dueAt: null,
    attempt,
    chunk: 'c',
    priority: 0,
    outcome,
    flags: {},
    redactedAt: null,
  },
  token: 'ours',
});

const inDoubt = (attempt: number): Row => ({
  delivery: {
    ...sending(attempt).delivery,
    work: 'done',
    chunk: null,
    outcome: { name: 'unknown', attempt, occurredAt: NOW - 1, reason: 'lease_lost', failure: null },
  },
  token: null,
});

function apply(row: Row, { event, when, work, otherwise }: Transition): { row: Row; applied: boolean } {
  const { delivery, token } = row;
  const name = delivery.outcome?.name ?? null;
  const holds =
    (when.work?.includes(delivery.work) ?? true) &&
    (when.token === undefined || when.token === token) &&
    (when.attempt === undefined || when.attempt === delivery.attempt) &&
    (when.outcome === undefined || (name !== null && when.outcome.includes(name)));
  if (!holds && otherwise === 'drop') return { row, applied: false };
  const folded = advance(delivery, event);
  return {
    row: { delivery: holds && work !== null ? { ...folded, ...work } : folded, token },
    applied: true,
  };
}

function settled(row: Row, outcome: Outcome, options: { message?: MessageRecord; recalled?: boolean } = {}) {
  const { attempt } = row.delivery;
  const settlement: Settlement = settleOutcome(
    { message: options.message ?? message, attempt, token: 'ours' },
    outcome,
    { clock, recalled: options.recalled ?? false, random: () => 0 },
  );
  let now = row;
  let applied = false;
  const pass = (transitions: readonly Transition[]): void => {
    for (const transition of transitions) {
      const result = apply(now, transition);
      now = result.row;
      applied ||= result.applied;
    }
  };
  pass(settlement.transitions);
  if (!applied && settlement.late !== null) pass([settlement.late.retry]);
  const { work, dueAt, attempt: spent, outcome: folded } = now.delivery;
  return { work, dueAt, attempts: spent, outcome: folded?.name ?? null, pause: settlement.pause, folded };
}

describe('what became of a hand-over', () => {
  it('taken by the next server: done', () => {
    const result = settled(sending(1), { status: 'accepted', providerId: 'p-1' });
    expect(result).toMatchObject({ work: 'done', outcome: 'accepted', dueAt: null });
  });

  it('in doubt: done, and never tried again by itself', () => {
    const timeout = { category: 'timeout', fault: 'network' } as const;
    expect(settled(sending(1), { status: 'unknown', failure: timeout })).toMatchObject({
      work: 'done',
      outcome: 'unknown',
    });
  });

  it('refused by a mail server for good: bounced', () => {
    const noUser = refusal({ bounceClass: 'hard', category: 'unknown_mailbox' }, { retryable: false });
    const result = settled(sending(2), noUser);
    expect(result).toMatchObject({ work: 'done', outcome: 'bounced' });
    expect(result.folded?.failure?.bounceClass).toBe('hard');
  });

  it('refused by an HTTP provider for good: rejected', () => {
    expect(settled(sending(1), refusal({ category: 'bad_request' }, { retryable: false }))).toMatchObject({
      work: 'done',
      outcome: 'rejected',
    });
  });

  it('refused for now: tried again after the delay of the table, or what the server asks for', () => {
    expect(settled(sending(1), busy)).toMatchObject({
      work: 'queued',
      outcome: 'deferred',
      dueAt: NOW + BUSY_MS,
      attempts: 1,
    });
    expect(settled(sending(1), { ...busy, retryAfterMs: 20 * MINUTE }).dueAt).toBe(NOW + 20 * MINUTE);
  });

  it('refused for now once too often: failed, with the last reason', () => {
    const result = settled(sending(200), busy);
    expect(result).toMatchObject({ work: 'done', outcome: 'failed' });
    expect(result.folded?.failure?.reply?.text).toBe('busy');
  });

  it('refused for now, and the next attempt would come too late: expired', () => {
    const expiring = { ...message, expiresAt: NOW + BUSY_MS };
    expect(settled(sending(1), busy, { message: expiring })).toMatchObject({
      work: 'done',
      outcome: 'expired',
    });
    expect(settled(sending(1), busy, { message: { ...expiring, expiresAt: NOW + BUSY_MS + 1 } }).work).toBe(
      'queued',
    );
  });
});

describe('wrong credentials', () => {
  it('spend no attempt, leave no outcome, and pause the account', () => {
    const result = settled(sending(1), wrongPassword);
    expect(result).toMatchObject({ work: 'queued', attempts: 0, outcome: null, dueAt: NOW });
    expect(result.pause?.category).toBe('credentials');
  });

  it('leave what an earlier attempt came to', () => {
    const deferred = { name: 'deferred', attempt: 3, occurredAt: 1, reason: null, failure: null } as const;
    expect(settled(sending(4, deferred), wrongPassword)).toMatchObject({ attempts: 3, outcome: 'deferred' });
  });

  it('do not end the message, even where the adapter calls them final', () => {
    expect(settled(sending(1), { ...wrongPassword, retryable: false }).work).toBe('queued');
  });
});

describe('a hand-over that we ended ourselves', () => {
  const cut = refusal({ category: 'connection', fault: 'network', reply: { text: 'aborted' } });

  it('spends no attempt where nothing was sent', () => {
    expect(settled(sending(1), cut, { recalled: true })).toMatchObject({
      work: 'queued',
      attempts: 0,
      outcome: null,
      pause: null,
    });
  });

  it('is an attempt where the server had answered', () => {
    expect(settled(sending(1), busy, { recalled: true })).toMatchObject({ attempts: 1, outcome: 'deferred' });
  });
});

describe('a message that was canceled while it was being handed over', () => {
  const canceled = {
    name: 'canceled',
    attempt: 1,
    occurredAt: NOW,
    reason: 'too_late',
    failure: null,
  } as const;

  it.each([
    ['refused for now', busy],
    ['not even tried, for wrong credentials', wrongPassword],
  ])('and then %s is not tried again', (_, outcome) => {
    expect(settled(sending(2, canceled), outcome)).toMatchObject({ work: 'done', outcome: 'canceled' });
  });

  it('has spent no attempt where the credentials were wrong', () => {
    expect(settled(sending(2, canceled), wrongPassword).attempts).toBe(1);
    expect(settled(sending(2, canceled), busy).attempts).toBe(2);
  });

  it('and then accepted, was sent', () => {
    expect(settled(sending(2, canceled), { status: 'accepted' }).outcome).toBe('accepted');
  });
});

describe('an outcome that comes after the lease was lost', () => {
  it.each([
    ['it was accepted', { status: 'accepted' } as const, 'accepted'],
    ['it bounced', refusal({ bounceClass: 'hard' }, { retryable: false }), 'bounced'],
  ])('ends the doubt: %s', (_, outcome, name) => {
    expect(settled(inDoubt(1), outcome)).toMatchObject({ work: 'done', outcome: name });
  });

  it.each([
    ['refused for now', busy],
    ['refused for the credentials', wrongPassword],
  ])('takes the message back to waiting where it was certainly not sent: %s', (_, outcome) => {
    expect(settled(inDoubt(1), outcome)).toMatchObject({ work: 'queued', outcome: 'deferred', attempts: 1 });
  });

  it('leaves alone what a person has decided meanwhile', () => {
    const failed = {
      name: 'failed',
      attempt: 1,
      occurredAt: NOW,
      reason: 'resolved',
      failure: null,
    } as const;
    const decided: Row = { ...inDoubt(1), delivery: { ...inDoubt(1).delivery, outcome: failed } };
    expect(settled(decided, busy)).toMatchObject({ work: 'done', outcome: 'failed' });
  });
});
