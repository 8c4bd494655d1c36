import type {
  AccountRecord,
  EnqueueBatch,
  EventRecord,
  IdentityRecord,
  JobRecord,
  MessageRecord,
  NewContent,
  NewMessage,
  SuppressionRecord,
  Transition,
} from '@posthorn/core';

// Records as core would write them, with what matters to a law put in.

export const TENANT = 'salon-sol';
export const NEIGHBOUR = 'salon-maane';
export const PLATFORM = '$platform';
/** Noon, 1 January 2026: when the bench's clock begins. */
export const NOON = Date.UTC(2026, 0, 1, 12);

let lastId = 0;

/** Sorts by the order in which it was made, like the ids of core. */
export function anId(): string {
  lastId += 1;
  return `0190a000-0000-7000-8000-${lastId.toString(16).padStart(12, '0')}`;
}

export function anAccount(parts: Partial<AccountRecord> = {}): AccountRecord {
  return {
    tenant: TENANT,
    key: 'own-server',
    adapter: 'smtp',
    channel: 'email',
    label: 'Our own server',
    settings: { host: 'smtp.salonsol.dk', port: 587, nested: { list: [1, 'two', null] } },
    sealedSecrets: 'v1.k1.nonce.text',
    pause: null,
    limits: null,
    createdAt: NOON,
    updatedAt: NOON,
    ...parts,
  };
}

export function anIdentity(parts: Partial<IdentityRecord> = {}): IdentityRecord {
  return {
    tenant: TENANT,
    channel: 'email',
    key: 'salon',
    name: 'Salon Sol',
    address: 'hej@salonsol.dk',
    replyTo: null,
    account: null,
    isDefault: false,
    isContact: false,
    createdAt: NOON,
    updatedAt: NOON,
    ...parts,
  };
}

export function aSuppression(parts: Partial<SuppressionRecord> = {}): SuppressionRecord {
  return {
    tenant: TENANT,
    id: anId(),
    channel: 'email',
    addressKey: 'anna',
    address: 'anna@example.dk',
    reason: 'blocked',
    evidence: { by: 'kim', note: 'asked us to stop' },
    createdAt: NOON,
    liftedAt: null,
    lifted: null,
    ...parts,
  };
}

/** An email's content: one version with one skeleton per locale, and a file. */
export function aContent(
  parts: Partial<NewContent['version']> = {},
  locales: readonly string[] = ['da'],
): NewContent {
  const version = {
    tenant: TENANT,
    id: anId(),
    template: null,
    number: null,
    contentHash: 'hash of the source',
    source: { email: { subject: 'Hej', html: '<p>Hej {{ name }}</p>' } },
    createdAt: NOON,
    ...parts,
  };
  return {
    version,
    skeletons: locales.map((locale) => ({
      skeleton: {
        channel: 'email',
        id: `${version.contentHash} in ${locale}`,
        locale,
        slotCount: 1,
        sensitiveSlots: [],
        subject: ['Hej'],
        html: ['<p>Hej ', 0, '</p>'],
        text: ['Hej ', 0],
        attachments: [],
      },
      compiled: { subject: 'Hej', html: `<p>Hej {{ name }} (${locale})</p>` },
    })),
    files: [aFile(`file of ${version.contentHash}`)],
  };
}

export function aFile(hash: string): NewContent['files'][number] {
  return {
    hash,
    filename: 'map.png',
    mediaType: 'image/png',
    sizeBytes: 4,
    disposition: 'attachment',
    content: new Uint8Array([0, 255, 10, 13]),
  };
}

export function aMessage(parts: Partial<MessageRecord> = {}): MessageRecord {
  return {
    id: anId(),
    tenant: TENANT,
    channel: 'email',
    template: 'confirmation',
    versionId: 'version-1',
    skeletonId: 'skeleton-1',
    slots: ['Anna', null, 'æøå 🎉 "quoted"'],
    sealedSlots: null,
    identity: 'salon',
    from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
    replyTo: { address: 'svar@salonsol.dk' },
    account: 'smtp',
    accountTenant: PLATFORM,
    recipient: { source: 'customers', id: '17' },
    toName: 'Anna Sørensen',
    address: 'anna@example.dk',
    addressKey: 'anna',
    locale: 'da-DK',
    timeZone: 'Europe/Copenhagen',
    headers: { 'X-Booking': '42' },
    attachments: [],
    key: null,
    resendOf: null,
    broadcast: null,
    createdAt: NOON,
    sendAt: null,
    expiresAt: null,
    ...parts,
  };
}

/** A message that waits for its time; in a chunk where `chunk` is given. */
export function queued(message: MessageRecord, parts: Partial<Omit<NewMessage, 'message'>> = {}): NewMessage {
  return { message, work: 'queued', dueAt: NOON, chunk: null, priority: 0, event: null, ...parts };
}

export function aBatch(messages: readonly NewMessage[], parts: Partial<EnqueueBatch> = {}): EnqueueBatch {
  return { tenant: TENANT, key: null, content: [], files: [], jobs: [], now: NOON, messages, ...parts };
}

export function aJob(parts: Partial<JobRecord> = {}): JobRecord {
  return {
    id: anId(),
    kind: 'messages',
    tenant: TENANT,
    account: 'smtp',
    accountTenant: PLATFORM,
    chunk: anId(),
    priority: 0,
    ...parts,
  };
}

export function anEvent(
  message: Pick<MessageRecord, 'id' | 'tenant'>,
  type: EventRecord['type'],
  parts: Partial<EventRecord> = {},
): EventRecord {
  return {
    id: anId(),
    tenant: message.tenant,
    messageId: message.id,
    type,
    attempt: 1,
    occurredAt: NOON,
    recordedAt: NOON,
    reason: null,
    failure: null,
    detail: {},
    ...parts,
  };
}

/** A fact from outside: recorded whatever the work is. */
export function aFact(event: EventRecord): Transition {
  return { event, when: {}, work: null, otherwise: 'record' };
}

/** An outcome of the transport, under the lease's token. */
export function settled(event: EventRecord, token: string): Transition {
  return {
    event,
    when: { work: ['sending'], token, attempt: event.attempt },
    work: { work: 'done', dueAt: null },
    otherwise: 'record',
  };
}
