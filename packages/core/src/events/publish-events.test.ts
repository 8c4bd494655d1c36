import { describe, expect, it } from 'vitest';
import type { DeliveryRecord, FoldedOutcome, MessageRecord } from '../ports/index.ts';
import { createLiveEvents, type LiveEventName } from './live-events.ts';
import { publishNew, publishTransition } from './publish-events.ts';

const message: MessageRecord = {
  id: 'm1',
  tenant: 'salon',
  channel: 'email',
  template: 'booking',
  versionId: 'v1',
  skeletonId: 's1',
  slots: [],
  sealedSlots: null,
  identity: 'salon',
  from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
  replyTo: null,
  account: 'smtp',
  accountTenant: '$platform',
  recipient: { source: 'customers', id: '17' },
  toName: 'Anna',
  address: 'anna@example.dk',
  addressKey: 'k',
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  headers: {},
  attachments: [],
  key: null,
  resendOf: null,
  broadcast: null,
  createdAt: 1000,
  sendAt: null,
  expiresAt: null,
};

const outcome = (name: FoldedOutcome['name'], more: Partial<FoldedOutcome> = {}): FoldedOutcome => ({
  name,
  attempt: 1,
  occurredAt: 2000,
  reason: null,
  failure: null,
  ...more,
});

const delivery = (more: Partial<DeliveryRecord>): DeliveryRecord => ({
  messageId: 'm1',
  work: 'done',
  dueAt: null,
  attempt: 1,
  chunk: null,
  priority: 0,
  outcome: null,
  flags: {},
  redactedAt: null,
  ...more,
});

function hearing(...names: LiveEventName[]) {
  const silent = () => {};
  const live = createLiveEvents({ debug: silent, info: silent, warn: silent, error: silent });
  const heard: unknown[] = [];
  for (const name of names) live.on(name, (event) => heard.push([name, event]));
  return { publisher: { live }, heard };
}

describe('publishing', () => {
  it('tells of a new message by the work that waits for it, or the outcome it ended with', () => {
    const { publisher, heard } = hearing('message.queued', 'message.scheduled', 'message.skipped');
    publishNew(publisher, { message, delivery: delivery({ work: 'queued' }) });
    publishNew(publisher, { message, delivery: delivery({ work: 'scheduled' }) });
    publishNew(publisher, {
      message,
      delivery: delivery({ outcome: outcome('skipped', { reason: 'no_address' }) }),
    });
    expect(heard).toMatchObject([
      ['message.queued', { tenant: 'salon', message: { id: 'm1', status: 'queued' }, at: new Date(1000) }],
      ['message.scheduled', { message: { status: 'scheduled' } }],
      ['message.skipped', { message: { status: 'skipped', reason: 'no_address' }, at: new Date(2000) }],
    ]);
  });

  it('tells of a bounce with what the server said', () => {
    const { publisher, heard } = hearing('message.bounced');
    const failure = {
      bounceClass: 'hard',
      category: 'unknown_mailbox',
      fault: 'recipient',
      reply: { code: 550, enhanced: '5.1.1', text: 'No such user' },
    } as const;
    publishTransition(
      publisher,
      { message },
      {
        before: delivery({ work: 'sending' }),
        after: delivery({ outcome: outcome('bounced', { failure }) }),
      },
    );
    expect(heard).toMatchObject([
      [
        'message.bounced',
        {
          message: { status: 'bounced', to: { source: 'customers', id: '17', address: 'anna@example.dk' } },
          bounce: { class: 'hard', category: 'unknown_mailbox', fault: 'recipient', reply: failure.reply },
        },
      ],
    ]);
  });

  it('is silent when nothing changed: a duplicate, older news, a command that came too late', () => {
    const { publisher, heard } = hearing('message.accepted');
    const accepted = delivery({ outcome: outcome('accepted') });
    publishTransition(publisher, { message }, { before: accepted, after: structuredClone(accepted) });
    publishTransition(publisher, { message }, { before: null, after: null });
    expect(heard).toEqual([]);
  });

  it('tells that a doubtful message is sent again', () => {
    const { publisher, heard } = hearing('message.requeued');
    publishTransition(
      publisher,
      { message },
      {
        before: delivery({ outcome: outcome('unknown') }),
        after: delivery({ work: 'queued', outcome: outcome(null) }),
      },
    );
    expect(heard).toMatchObject([['message.requeued', { message: { status: 'queued' } }]]);
  });
});
