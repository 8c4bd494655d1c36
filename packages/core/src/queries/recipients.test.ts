import { describe, expect, it } from 'vitest';
import { memoryContext, scopeOf } from '../memory-store.test-kit.ts';
import type { RecipientSource } from '../ports/index.ts';
import { arrayRecipients } from '../sources/index.ts';
import { createRecipients } from './index.ts';
import { ANNA, and, type Customer, rule, salonSource } from './salon.test-kit.ts';

const byIdOnly: RecipientSource = { label: 'Staff', tenantAware: true, byIds: async () => [] };
const people: Customer[] = Array.from({ length: 1203 }, (_, index) => ({
  ...ANNA,
  id: `c${String(index).padStart(4, '0')}`,
  visits: index,
}));

function recipientsOf(tenant = 'default') {
  const guests = arrayRecipients({
    label: 'Guests',
    rows: [
      { id: 1, house: 'sol' },
      { id: 2, house: 'luna' },
    ],
    id: 'id',
    tenant: 'house',
  });
  const sources = new Map<string, RecipientSource>([
    ['customers', salonSource(people)],
    ['staff', byIdOnly],
    ['guests', guests],
  ]);
  const context = memoryContext({ sources });
  return { context, recipients: createRecipients(context, scopeOf(tenant)) };
}

describe('the sources', () => {
  it('are those that can be asked', async () => {
    expect(await recipientsOf().recipients.sources()).toEqual([
      { key: 'customers', label: 'Kunder' },
      { key: 'guests', label: 'Guests' },
    ]);
    expect(await recipientsOf('sol').recipients.sources()).toEqual([{ key: 'guests', label: 'Guests' }]);
  });

  it('say what can be asked, in the tenant’s language', async () => {
    const fields = await recipientsOf().recipients.fields('customers');
    expect(fields.map(({ name, label, group, type }) => [name, label, group, type])).toEqual([
      ['city', 'By', 'Kunde', 'text'],
      ['visits', 'Besøg', undefined, 'number'],
      ['vip', 'VIP', undefined, 'boolean'],
      ['born', 'Fødselsdag', undefined, 'date'],
      ['seen', 'Sidst set', undefined, 'datetime'],
      ['reservation.date', 'Reservationsdato', 'Reservationer', 'date'],
      ['reservation.service', 'Behandling', 'Reservationer', 'text'],
      ['reservation.minutes', 'Varighed', 'Reservationer', 'number'],
      ['email.status', 'E-mailstatus', 'Adresser', 'text'],
      ['phone.status', 'Telefonstatus', 'Adresser', 'text'],
    ]);
    const of = (wanted: string) => fields.find(({ name }) => name === wanted);
    expect(of('vip')).toEqual({
      name: 'vip',
      label: 'VIP',
      type: 'boolean',
      valueEditorType: 'checkbox',
      operators: [
        { name: '=', label: 'er' },
        { name: '!=', label: 'er ikke' },
        { name: 'null', label: 'er ikke udfyldt' },
        { name: 'notNull', label: 'er udfyldt' },
      ],
    });
    expect(of('reservation.service')).toMatchObject({
      valueEditorType: 'select',
      values: [{ name: 'cut', label: 'klipning' }, { name: 'massage' }],
    });
    expect(of('born')?.operators).toContainEqual({ name: '<', label: 'er før' });
    expect(of('seen')?.inputType).toBe('datetime-local');
    expect(of('email.status')?.operators.map(({ name }) => name)).toEqual(['=', '!=', 'in', 'notIn']);
  });

  it('leave the health of addresses to Posthorn', async () => {
    const fields = { 'email.status': { type: 'number', label: 'Mine' } } as const;
    const source: RecipientSource = { ...salonSource([]), fields };
    const context = memoryContext({ sources: new Map([['customers', source]]) });
    const shown = await createRecipients(context, scopeOf('default')).fields('customers');
    expect(shown.filter(({ name }) => name === 'email.status')).toEqual([
      expect.objectContaining({ label: 'E-mailstatus' }),
    ]);
  });

  it.each([
    ['custommers', 'default', 'unknown_source'],
    ['staff', 'default', 'invalid_input'],
    ['customers', 'sol', 'tenant_wall'],
    [7, 'default', 'invalid_input'],
  ])('are refused by every call where they cannot be asked: %j of %s', async (source, tenant, code) => {
    const { recipients } = recipientsOf(tenant);
    const expected = expect.objectContaining({ code, path: 'source' });
    await expect(recipients.fields(source as string)).rejects.toEqual(expected);
    await expect(recipients.describe({ source: source as string })).rejects.toEqual(expected);
    await expect(recipients.list({ source: source as string })).rejects.toEqual(expected);
    await expect(recipients.count({ source: source as string })).rejects.toEqual(expected);
  });
});

describe('the list', () => {
  it('shows people as the source knows them', async () => {
    const { recipients } = recipientsOf();
    const { items } = await recipients.list({ source: 'customers', limit: 1 });
    expect(items).toEqual([
      {
        source: 'customers',
        id: 'c0000',
        name: 'c0000',
        email: 'c0000@example.dk',
        phone: expect.stringMatching(/^\+45/),
        locale: 'da',
      },
    ]);
  });

  it('gives everybody who is meant once, page by page', async () => {
    const { recipients } = recipientsOf();
    const where = and(
      { field: 'visits', operator: '<', value: 120 },
      { field: 'email.status', operator: '=', value: 'ok' },
    );
    const ids: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await recipients.list({ source: 'customers', where, limit: 50, cursor });
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.next ?? undefined;
    } while (cursor !== undefined);
    expect(ids).toEqual(people.slice(0, 120).map(({ id }) => id));
  });

  it('takes a cursor for the list it was made for only', async () => {
    const { recipients, context } = recipientsOf();
    const today = rule('born', '<', 'today');
    const { next } = await recipients.list({ source: 'customers', where: today, limit: 1 });
    const cursor = next ?? '';
    const refused = expect.objectContaining({ code: 'invalid_cursor', path: 'cursor' });
    await expect(recipients.list({ source: 'customers', cursor })).rejects.toEqual(refused);
    await expect(recipients.list({ source: 'guests', where: and(), cursor })).rejects.toEqual(refused);
    const sol = createRecipients(context, { ...scopeOf('default'), tenant: 'sol' });
    await expect(sol.list({ source: 'customers', where: today, cursor })).rejects.toEqual(refused);
    expect(
      (await recipients.list({ source: 'customers', where: today, limit: 1, cursor })).items,
    ).toHaveLength(1);
    // Tomorrow, today is another day.
    context.clock.advance(86_400_000);
    await expect(recipients.list({ source: 'customers', where: today, cursor })).rejects.toEqual(refused);
  });

  it('is one tenant’s own', async () => {
    const { items } = await recipientsOf('sol').recipients.list({ source: 'guests' });
    expect(items.map(({ id }) => id)).toEqual(['1']);
  });

  it.each([
    [{ source: 'customers', limit: 0 }, 'invalid_input', 'limit'],
    [{ source: 'customers', limit: 501 }, 'invalid_input', 'limit'],
    [{ source: 'customers', where: null }, 'invalid_query', 'where'],
    [{ source: 'customers', where: rule('ctiy', '=', 'x') }, 'invalid_query', 'where.rules[0].field'],
    [{ source: 'customers', cursor: 'x' }, 'invalid_cursor', 'cursor'],
    [{ source: 'customers', query: {} }, 'invalid_input', ''],
    [{}, 'invalid_input', 'source'],
    [null, 'invalid_input', ''],
  ])('refuses %j', async (options, code, path) => {
    await expect(recipientsOf().recipients.list(options as never)).rejects.toMatchObject({ code, path });
  });
});

describe('the count', () => {
  it('is of everybody who is meant', async () => {
    const { recipients } = recipientsOf();
    expect(await recipients.count({ source: 'customers' })).toBe(1203);
    expect(await recipients.count({ source: 'customers', where: rule('visits', '>=', 1000) })).toBe(203);
    expect(await recipients.count({ source: 'customers', where: rule('email.status', '!=', 'ok') })).toBe(0);
  });

  it('ends where it is told to, even of a source without an end', async () => {
    const endless: RecipientSource = {
      ...byIdOnly,
      find: async ({ after }) => ({ recipients: [{ id: `${after}` }], next: String(Number(after ?? 0) + 1) }),
    };
    const context = memoryContext({ sources: new Map([['endless', endless]]) });
    const recipients = createRecipients(context, scopeOf('default'));
    const controller = new AbortController();
    const counting = recipients.count({ source: 'endless', signal: controller.signal });
    // It lets others have their turn.
    setImmediate(() => setImmediate(() => controller.abort(new Error('enough'))));
    await expect(counting).rejects.toThrow('enough');
  });
});

describe('the description', () => {
  it('is in the tenant’s language, or the one that is asked for', async () => {
    const { recipients } = recipientsOf();
    const input = { source: 'customers', where: rule('city', '=', 'Aarhus') };
    expect(await recipients.describe(input)).toBe('Kunder, hvor By er Aarhus');
    expect(await recipients.describe(input, { locale: 'en' })).toBe('Kunder whose By is Aarhus');
    expect(await recipients.describe({ source: 'customers' })).toBe('Alle kunder');
    await expect(recipients.describe(input, { locale: '!' })).rejects.toThrow(
      expect.objectContaining({ path: 'locale' }),
    );
  });
});
