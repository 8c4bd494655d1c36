import { type Context, DEFAULT_TENANT, type Opened, type Scope } from './context.ts';
import { createLiveEvents } from './events/index.ts';
import { reportStore, type UnmatchedRows } from './memory-reports.test-kit.ts';
import { segmentStore } from './memory-segments.test-kit.ts';
import type {
  AccountRecord,
  AccountStore,
  Channel,
  Clock,
  IdentityRecord,
  IdentityStore,
  KeyringStore,
  Log,
  RetentionStore,
  SegmentRecord,
  Store,
  SuppressionRecord,
  SuppressionStore,
} from './ports/index.ts';
import { createVault, openKeyring, type SecretKeys } from './secrets/index.ts';

// The set-up rooms (accounts, identities, suppressions, secrets) over a store in memory: their own tests need no
// database, and core may not know one. The store's laws are proven by the backends' conformance suite.

export const SECRET_KEYS: SecretKeys = {
  current: 'k1',
  keys: { k1: 'Q2hlZXNlIGFuZCB3aW5lIG9uIGEgcmFpbnkgZGF5IQ==' },
};

const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
};

/** A clock that stands still until it is told to go on. */
interface SteppedClock extends Clock {
  advance(ms: number): void;
}

function steppedClock(startMs = Date.UTC(2026, 10, 27, 10)): SteppedClock {
  let now = startMs;
  const sleepers = new Set<{ dueAt: number; wake: () => void }>();
  return {
    now: () => now,
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const sleeper = { dueAt: now + delayMs, wake: resolve };
        sleepers.add(sleeper);
        signal?.addEventListener('abort', () => {
          sleepers.delete(sleeper);
          reject(signal.reason);
        });
      }),
    advance(ms) {
      now += ms;
      for (const sleeper of [...sleepers].filter(({ dueAt }) => dueAt <= now)) {
        sleepers.delete(sleeper);
        sleeper.wake();
      }
    },
  };
}

export function scopeOf(tenant: string): Scope {
  const scoped = tenant !== DEFAULT_TENANT;
  return { tenant, scoped, locale: 'da', timeZone: 'Europe/Copenhagen', country: 'DK' };
}

export interface MemoryContext extends Context {
  readonly clock: SteppedClock;
  /** What was stored, for tests that look behind the curtain. */
  readonly rows: MemoryRows;
}

export interface MemoryRows {
  readonly accounts: Map<string, AccountRecord>;
  readonly identities: Map<string, IdentityRecord>;
  readonly segments: Map<string, SegmentRecord>;
  readonly suppressions: SuppressionRecord[];
  readonly keyring: Map<string, string>;
  readonly unmatched: UnmatchedRows;
}

export function emptyRows(): MemoryRows {
  return {
    accounts: new Map(),
    identities: new Map(),
    segments: new Map(),
    suppressions: [],
    keyring: new Map(),
    unmatched: new Map(),
  };
}

/** A context over rows in memory; two contexts over the same rows are two processes on one database. */
export function memoryContext(
  given: Partial<Pick<Context, 'adapters' | 'limits' | 'sources'>> & {
    secrets?: SecretKeys;
    rows?: MemoryRows;
  } = {},
): MemoryContext {
  const rows = given.rows ?? emptyRows();
  const vault = createVault(given.secrets ?? SECRET_KEYS);
  const store = {
    accounts: accountStore(rows),
    identities: identityStore(rows),
    segments: segmentStore(rows.segments),
    suppressions: suppressionStore(rows),
    keyring: keyringStore(rows),
    reports: reportStore(rows.unmatched),
    retention: { shortLink: async () => undefined } as Partial<RetentionStore> as RetentionStore,
  } as Store;
  const queue = { wake: () => undefined } as Opened['queue'];
  let opening: Promise<Opened> | undefined;
  const open = async () => ({ store, queue, keyring: await openKeyring(vault, store.keyring) }) as Opened;
  return {
    clock: steppedClock(),
    log: silentLog,
    adapters: given.adapters ?? new Map(),
    limits: given.limits ?? new Map(),
    sources: given.sources ?? new Map(),
    tags: {},
    vault,
    live: createLiveEvents(silentLog),
    publicUrl: null,
    open: () => {
      opening ??= open();
      return opening;
    },
    rows,
  };
}

function accountStore({ accounts, identities }: MemoryRows): AccountStore {
  const idOf = (tenant: string, key: string) => `${tenant}/${key}`;
  return {
    async save(record) {
      const id = idOf(record.tenant, record.key);
      const { createdAt, pause } = accounts.get(id) ?? record;
      accounts.set(id, { ...record, createdAt, pause });
    },
    get: async (tenant, key) => accounts.get(idOf(tenant, key)),
    list: async (tenant) => sortedByKey([...accounts.values()].filter((row) => row.tenant === tenant)),
    async remove(tenant, key) {
      const named = [...identities.values()].some((row) => row.tenant === tenant && row.account === key);
      if (named) return 'named_by_identity';
      return accounts.delete(idOf(tenant, key)) ? 'removed' : 'missing';
    },
    async setPause(account, pause, now) {
      const id = idOf(account.tenant, account.key);
      const fresh = {
        label: null,
        settings: {},
        sealedSecrets: null,
        pause: null,
        limits: null,
        createdAt: now,
      };
      const before = accounts.get(id) ?? { ...account, ...fresh, updatedAt: now };
      if (before.pause?.reason === pause?.reason) return false;
      accounts.set(id, { ...before, pause, updatedAt: now });
      return true;
    },
    paused: async () => [...accounts.values()].filter(({ pause }) => pause !== null),
    sealedWithout: async (keyId, limit) =>
      [...accounts.values()]
        .filter(({ sealedSecrets }) => sealedSecrets !== null && !sealedSecrets.startsWith(`v1.${keyId}.`))
        .slice(0, limit),
    async reseal(tenant, key, before, after) {
      const record = accounts.get(idOf(tenant, key));
      if (record?.sealedSecrets !== before) return false;
      accounts.set(idOf(tenant, key), { ...record, sealedSecrets: after });
      return true;
    },
  };
}

function identityStore({ identities }: MemoryRows): IdentityStore {
  const idOf = (tenant: string, channel: Channel, key: string) => `${tenant}/${channel}/${key}`;
  const of = (tenant: string, channel?: Channel) =>
    sortedByKey([...identities.values()])
      .filter((row) => row.tenant === tenant && (channel === undefined || row.channel === channel))
      .sort((a, b) => a.channel.localeCompare(b.channel));
  const markOf = (row: IdentityRecord | undefined) =>
    row?.isDefault ? 'is_default' : row?.isContact ? 'is_contact' : undefined;
  return {
    async save(record) {
      const { tenant, channel, key } = record;
      const before = identities.get(idOf(tenant, channel, key));
      if (before?.isDefault && !record.isDefault) return 'is_default';
      if (before?.isContact && !record.isContact) return 'is_contact';
      const others = of(tenant, channel).filter((row) => row.key !== key);
      const isDefault = record.isDefault || others.length === 0;
      const isContact = channel === 'email' && (record.isContact || others.length === 0);
      for (const row of others) {
        const marks = { isDefault: row.isDefault && !isDefault, isContact: row.isContact && !isContact };
        identities.set(idOf(tenant, channel, row.key), { ...row, ...marks });
      }
      identities.set(idOf(tenant, channel, key), { ...record, isDefault, isContact });
      return 'saved';
    },
    get: async (tenant, channel, key) => identities.get(idOf(tenant, channel, key)),
    defaultOf: async (tenant, channel) => of(tenant, channel).find((row) => row.isDefault),
    contactOf: async (tenant) => of(tenant).find((row) => row.isContact),
    list: async (tenant, channel) => of(tenant, channel),
    async remove(tenant, channel, key) {
      const mark = markOf(identities.get(idOf(tenant, channel, key)));
      if (mark !== undefined && of(tenant, channel).length > 1) return mark;
      return identities.delete(idOf(tenant, channel, key)) ? 'removed' : 'missing';
    },
  };
}

function suppressionStore({ suppressions }: MemoryRows): SuppressionStore {
  const of = (tenant: string, channel?: Channel, addressKey?: string) =>
    suppressions
      .filter((row) => row.tenant === tenant && (channel === undefined || row.channel === channel))
      .filter((row) => addressKey === undefined || row.addressKey === addressKey)
      .sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1));
  const inForce = (row: SuppressionRecord) => row.liftedAt === null;
  return {
    async add(record) {
      const known = of(record.tenant, record.channel, record.addressKey).filter(inForce);
      const same = known.find(({ reason }) => reason === record.reason);
      if (same === undefined) suppressions.push(record);
      return same ?? record;
    },
    async lift(tenant, channel, addressKey, lifted, now, reason) {
      const ended = of(tenant, channel, addressKey)
        .filter(inForce)
        .filter((row) => reason === undefined || row.reason === reason);
      return ended.map((row) => {
        const after = { ...row, lifted, liftedAt: now };
        suppressions[suppressions.indexOf(row)] = after;
        return after;
      });
    },
    async find(tenant, channel, addressKeys) {
      const found = of(tenant, channel).filter((row) => inForce(row) && addressKeys.includes(row.addressKey));
      return new Map(found.map((row) => [row.addressKey, row]));
    },
    history: async (tenant, channel, addressKey) => of(tenant, channel, addressKey),
    list: async (tenant, channel, { limit, before }) =>
      of(tenant, channel)
        .filter(inForce)
        .filter(
          (row) =>
            before === undefined ||
            row.createdAt < before.createdAt ||
            (row.createdAt === before.createdAt && row.id < before.id),
        )
        .slice(0, limit),
  };
}

function keyringStore({ keyring }: MemoryRows): KeyringStore {
  return {
    async getOrAdd(name, sealed) {
      const stored = keyring.get(name) ?? sealed;
      keyring.set(name, stored);
      return stored;
    },
    list: async () => [...keyring].map(([name, sealed]) => ({ name, sealed })),
    async reseal(name, before, after) {
      if (keyring.get(name) !== before) return false;
      keyring.set(name, after);
      return true;
    },
  };
}

function sortedByKey<Row extends { readonly key: string }>(rows: readonly Row[]): Row[] {
  return [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
}
