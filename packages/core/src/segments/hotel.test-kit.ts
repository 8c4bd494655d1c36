import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { RecipientSource } from '../ports/index.ts';
import { arrayRecipients } from '../sources/index.ts';
import { createSegments } from './index.ts';

export const CUSTOMERS = [
  { no: 1, company: 'sol', name: 'Anna', mail: 'anna@example.dk', city: 'Aarhus', visits: 12 },
  { no: 2, company: 'sol', name: 'Bo', mail: 'bo@example.dk', city: 'Odense', visits: 3 },
  { no: 3, company: 'sol', name: 'Carl', mail: 'carl@example.dk', city: 'Aarhus', visits: 1 },
  { no: 4, company: 'luna', name: 'Dea', mail: 'dea@example.dk', city: 'Aarhus', visits: 40 },
];

const STAFF = [
  { id: 'kim', company: 'sol', mail: 'kim@sol.dk', department: 'kitchen', role: 'cook' },
  { id: 'lis', company: 'sol', mail: 'lis@sol.dk', department: 'kitchen', role: 'chef' },
  { id: 'mia', company: 'sol', mail: 'mia@sol.dk', department: 'reception', role: 'clerk' },
];

export const customers = arrayRecipients({
  label: 'Customers',
  rows: CUSTOMERS,
  tenant: 'company',
  id: 'no',
  name: 'name',
  email: 'mail',
  fields: {
    city: { column: 'city', type: 'text', label: 'City' },
    visits: { column: 'visits', type: 'number', label: 'Visits' },
  },
  data: (ids) => Object.fromEntries(ids.map((id) => [id, { customer: { number: id } }])),
});

const staff = arrayRecipients({
  label: 'Staff',
  rows: STAFF,
  tenant: 'company',
  id: 'id',
  email: 'mail',
  fields: {
    department: { column: 'department', type: 'text', label: 'Department' },
    role: { column: 'role', type: 'text', label: 'Role' },
  },
});

/** A query of one rule. */
export function rule(field: string, operator: string, value: unknown) {
  return { combinator: 'and', rules: [{ field, operator, value }] };
}

export const inAarhus = rule('city', '=', 'Aarhus');

export const anna = { source: 'customers', id: '1' };
export const bo = { source: 'customers', id: '2' };

/** A hotel's customers and staff, and whatever other sources a test brings. */
export async function openHotel(tenant = 'sol', others: Readonly<Record<string, RecipientSource>> = {}) {
  const sources = new Map(Object.entries({ customers, staff, ...others }));
  const context = memoryContext({ sources });
  const scope = scopeOf(tenant);
  return { context, scope, opened: await context.open(), segments: createSegments(context, scope) };
}
