import type { Opened } from '../context.ts';
import { type MemoryContext, memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { RecipientSource, SuppressionReason } from '../ports/index.ts';
import { arrayRecipients } from '../sources/index.ts';
import { createSuppressions } from '../suppressions/index.ts';
import type { HealthStatus } from './address-health.ts';
import { type CheckedQuery, checkQuery, findPage, type RecipientQuery } from './index.ts';

// A salon's customers with a field of every type, a relation and addresses in every state of health.

export const ZONE = 'Europe/Copenhagen';
/** The time of `memoryContext`: Friday the 27th of November 2026, 11 o'clock in Copenhagen. */
export const NOW = Date.UTC(2026, 10, 27, 10);
export const scope = scopeOf('default');

export interface Reservation {
  readonly date: string | null;
  readonly service: string | null;
  readonly minutes: number | null;
}

export interface Customer {
  readonly id: string;
  readonly city: string | null;
  readonly visits: number | null;
  readonly vip: boolean | null;
  readonly born: string | null;
  /** In ms. */
  readonly seen: number | null;
  readonly reservations: readonly Reservation[];
  readonly email?: HealthStatus;
  readonly phone?: HealthStatus;
}

export const ANNA: Customer = {
  id: 'anna',
  city: 'Aarhus',
  visits: 12,
  vip: true,
  born: '1990-05-17',
  seen: Date.UTC(2026, 10, 20, 9, 30),
  reservations: [{ date: '2026-11-27', service: 'cut', minutes: 30 }],
};

/** Nothing is known about them. */
export const NOBODY_KNOWS: Customer = {
  id: 'stranger',
  city: null,
  visits: null,
  vip: null,
  born: null,
  seen: null,
  reservations: [],
};

export function salonSource(customers: readonly Customer[]): RecipientSource {
  return arrayRecipients<Customer, { reservation: Reservation }>({
    label: 'Kunder',
    rows: customers,
    id: 'id',
    name: 'id',
    email: ({ id, email }) => addressOf(email ?? 'ok', `${id}@example.dk`),
    phone: ({ id, phone }) => addressOf(phone ?? 'ok', phoneOf(id)),
    fields: {
      city: { column: 'city', type: 'text', label: 'By', group: 'Kunde' },
      visits: { column: 'visits', type: 'number', label: 'Besøg' },
      vip: { column: 'vip', type: 'boolean', label: 'VIP' },
      born: { column: 'born', type: 'date', label: 'Fødselsdag' },
      seen: { column: 'seen', type: 'datetime', label: 'Sidst set' },
    },
    relations: {
      reservation: {
        label: 'Reservationer',
        rows: ({ reservations }) => reservations,
        fields: {
          date: { column: 'date', type: 'date', label: 'Reservationsdato' },
          service: {
            column: 'service',
            type: 'text',
            label: 'Behandling',
            values: [
              { value: 'cut', label: 'klipning' },
              { value: 'massage', label: 'massage' },
            ],
          },
          minutes: { column: 'minutes', type: 'number', label: 'Varighed' },
        },
      },
    },
    data: (ids) => Object.fromEntries(ids.map((id) => [id, { 'customer.id': id }])),
  });
}

function addressOf(health: HealthStatus, address: string): string | undefined {
  if (health === 'missing') return undefined;
  return health === 'malformed' ? 'x@' : address;
}

/** A number of one's own. */
function phoneOf(id: string): string {
  const digits = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 10_000_000, 7);
  return `+452${String(digits).padStart(7, '0')}`;
}

export interface Salon {
  readonly context: MemoryContext;
  readonly opened: Opened;
  readonly source: RecipientSource;
  check(query: unknown): CheckedQuery;
  /** The ids of everybody whom the query finds, read page by page. */
  find(query: RecipientQuery | CheckedQuery, limit?: number): Promise<string[]>;
}

const MARKS: readonly HealthStatus[] = ['invalid', 'complained', 'unsubscribed', 'blocked'];

export async function salon(customers: readonly Customer[]): Promise<Salon> {
  const source = salonSource(customers);
  const context = memoryContext({ sources: new Map([['customers', source]]) });
  const opened = await context.open();
  const suppressions = createSuppressions(context, scope);
  for (const { id, email, phone } of customers) {
    if (email !== undefined && MARKS.includes(email)) {
      await suppressions.add({ email: `${id}@example.dk`, reason: email as SuppressionReason });
    }
    if (phone !== undefined && MARKS.includes(phone)) {
      await suppressions.add({ phone: phoneOf(id), reason: phone as SuppressionReason });
    }
  }
  const check = (query: unknown) => checkSalon(source, query);
  return {
    context,
    opened,
    source,
    check,
    async find(query, limit = 100) {
      const wanted = { source: 'customers', query: 'root' in query ? query : check(query) };
      const ids: string[] = [];
      let after: string | null = null;
      do {
        const page = await findPage(context, opened, scope, wanted, { after, limit, withData: false });
        ids.push(...page.recipients.map(({ recipient }) => recipient?.id ?? ''));
        after = page.next;
      } while (after !== null);
      return ids;
    },
  };
}

export function checkSalon(source: RecipientSource, query: unknown): CheckedQuery {
  return checkQuery(source, 'customers', query, { path: 'to.where', timeZone: ZONE, now: NOW });
}

/** A query of one rule. */
export function rule(field: string, operator: string, value?: unknown): RecipientQuery {
  return and({ field, operator, value });
}

export function and(...rules: RecipientQuery['rules']): RecipientQuery {
  return { combinator: 'and', rules };
}

export function or(...rules: RecipientQuery['rules']): RecipientQuery {
  return { combinator: 'or', rules };
}

export function not(query: RecipientQuery): RecipientQuery {
  return { ...query, not: !query.not };
}
