import fc from 'fast-check';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { InputError } from '../errors.ts';
import type { TagCatalogue } from '../ports/index.ts';
import { checkCatalogue } from './check-catalogue.ts';
import { exampleData } from './example-data.ts';
import { checkData, type TagData } from './tag-data.ts';

const tags = {
  'customer.firstName': { label: 'Fornavn', group: 'Kunde', example: 'Anna' },
  'customer.vip': { label: 'VIP', type: 'boolean' },
  'customer.page': { label: 'Min side', type: 'url' },
  'reservation.startsAt': { label: 'Tidspunkt', type: 'datetime', example: '2026-11-27T10:00' },
  'reservation.day': { label: 'Dag', type: 'date' },
  'order.count': { label: 'Antal', type: 'number' },
  'order.total': { label: 'I alt', type: 'money' },
  'order.lines': { label: 'Varer', type: 'list', of: { name: 'text', price: 'money' } },
  greeting: { label: 'Hilsen' },
} as const satisfies TagCatalogue;

describe('tag data', () => {
  it('is typed by the catalogue', () => {
    const data: TagData<typeof tags> = {
      greeting: null,
      customer: { firstName: 'Anna', vip: true, page: 'https://salon.dk/anna' },
      reservation: { startsAt: new Date(), day: '2026-11-27' },
      order: { count: 3, total: { amount: '12.50', currency: 'DKK' }, lines: [{ name: 'Klip', price: 300 }] },
    };
    expect(checkData(data, tags)).toMatchObject({ customer: { firstName: 'Anna' } });
    expectTypeOf<{ customer: { firstname: string } }>().not.toExtend<TagData<typeof tags>>();
    expectTypeOf<{ customer: { vip: string } }>().not.toExtend<TagData<typeof tags>>();
    expectTypeOf<{ reservation: { startsAt: number } }>().not.toExtend<TagData<typeof tags>>();
    expectTypeOf<{ order: { lines: { name: boolean }[] } }>().not.toExtend<TagData<typeof tags>>();
    expectTypeOf<{ order: { total: { amount: string } } }>().not.toExtend<TagData<typeof tags>>();
    // @ts-expect-error There is no such tag.
    const unknown: TagData<typeof tags> = { greting: 'Hej' };
    // @ts-expect-error There is no such field.
    const nested: TagData<typeof tags> = { customer: { firstNme: 'Anna' } };
    expect(checkData({ ...unknown, ...nested }, tags)).toEqual({});
  });

  it('is free without a catalogue', () => {
    expectTypeOf<TagData<Record<never, never>>>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
    expectTypeOf<TagData>().toEqualTypeOf<Readonly<Record<string, unknown>>>();
    const data = { anything: { goes: [1, { x: 2 }] } };
    expect(checkData(data, {})).toBe(data);
  });

  it('may be missing, as a whole and in part', () => {
    expect(checkData(undefined, tags)).toEqual({});
    expect(checkData({ customer: null, order: { lines: [], total: null, count: '' } }, tags)).toEqual({
      order: { lines: [] },
    });
  });

  it.each([
    ['customer.vip', 'yes'],
    ['customer.page', 'javascript:alert(1)'],
    ['customer.page', '/relative'],
    ['customer.firstName', { first: 'Anna' }],
    ['customer.firstName', ['Anna']],
    ['customer.firstName', Number.NaN],
    ['customer.firstName', () => 'Anna'],
    ['reservation.startsAt', '2026-11-27'],
    ['reservation.startsAt', 'soon'],
    ['reservation.day', 5],
    ['order.count', '3 stk'],
    ['order.total', { amount: '1,50', currency: 'DKK' }],
    ['order.total', { amount: '1.50' }],
    ['order.lines', { 0: { name: 'Klip' } }],
    ['order.lines[0]', ['Klip'], 'order.lines'],
    ['order.lines[0].price', [{ price: 'dyr' }], 'order.lines'],
  ])('at %s refuses %s', (path, value, at = path) => {
    const [group = '', field = ''] = at.split('.');
    const run = () => checkData({ [group]: { [field]: value } }, tags);
    expect(run).toThrow(InputError);
    expect(run).toThrow(expect.objectContaining({ code: 'invalid_tag_value', path: `data.${path}` }));
  });

  it('refuses a value where tags are nested, and never quotes a value', () => {
    expect(() => checkData({ customer: 'hunter2' }, tags)).toThrow(/^(?!.*hunter2).*data\.customer/);
    expect(() => checkData('hunter2', tags)).toThrow(/^(?!.*hunter2)/);
    expect(() => checkData([], tags)).toThrow(InputError);
  });

  it('is copied: neither prototypes nor what no tag names reaches a template', () => {
    const customer = Object.assign(Object.create({ firstName: 'inherited' }), { secret: 'x' });
    expect(checkData({ customer, other: 1, __proto__: { greeting: 'Hej' } }, tags)).toEqual({});
    fc.assert(
      fc.property(
        fc.object({ key: fc.constantFrom('__proto__', 'constructor', 'toString', 'customer', 'x') }),
        (data) => {
          try {
            expect(Object.keys(checkData(data, { constructors: { label: 'x' } }))).toEqual([]);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
          expect(Object.prototype).not.toHaveProperty('x');
        },
      ),
    );
  });
});

describe('example data', () => {
  it('is the examples, or values that fit', () => {
    expect(exampleData(tags)).toMatchObject({
      customer: { firstName: 'Anna', vip: true },
      reservation: { startsAt: '2026-11-27T10:00' },
      order: { lines: [{ name: 'name' }, { name: 'name' }] },
      greeting: 'Hilsen',
    });
    expect(() => checkData(exampleData(tags), tags)).not.toThrow();
  });
});

describe('the tag catalogue', () => {
  it('is copied as it is given', () => {
    const copy = checkCatalogue(tags);
    expect(copy).toEqual(tags);
    expect(copy).not.toBe(tags);
    expect(
      checkCatalogue({ 'kunde.æresnavn': { label: 'Navn' }, 'first-name': { label: 'x' } }),
    ).toBeDefined();
  });

  it.each([
    ['constructor.x', { label: 'x' }, 'constructor'],
    ['__proto__', { label: 'x' }, '__proto__'],
    ['a.toString', { label: 'x' }, 'toString'],
    ['a..b', { label: 'x' }, 'letters'],
    ['a b', { label: 'x' }, 'letters'],
    ['a-', { label: 'x' }, 'letters'],
    ['1a', { label: 'x' }, 'letters'],
    ['', { label: 'x' }, 'letters'],
    ['now', { label: 'x' }, 'now'],
    ['forloop.index', { label: 'x' }, 'forloop'],
    ['unsubscribe.url', { label: 'x', type: 'url' }, 'unsubscribe'],
    ['order.size', { label: 'x' }, 'size'],
    ['greeting.long', { label: 'x' }, undefined],
    ['a', {}, 'label'],
    ['a', 'text', 'label'],
    ['a', { label: 'x', type: 'txt' }, 'type'],
    ['a', { label: 'x', sensitive: 'yes' }, 'sensitive'],
    ['a', { label: 'x', of: {} }, 'list'],
    ['a', { label: 'x', sensitve: true }, 'sensitve'],
    ['a', { label: 'x', example: () => 'x' }, 'example'],
    ['posthorn_a', { label: 'x' }, 'posthorn_a'],
    ['a', { label: 'x', type: 'list' }, 'fields'],
    ['a', { label: 'x', type: 'list', of: { n: 'list' } }, 'n'],
    ['a', { label: 'x', type: 'list', of: { toString: 'text' } }, 'toString'],
    ['a', { label: 'x', type: 'number', example: 'three' }, 'example'],
    ['a', { label: 'x', type: 'list', of: { n: 'number' }, example: [{ n: 'three' }] }, 'example[0].n'],
  ])('refuses %j: %j', (name, tag, said) => {
    const input = Object.fromEntries([
      ['greeting', { label: 'Hilsen' }],
      [name, tag],
    ]);
    const run = () => checkCatalogue(input);
    expect(run).toThrow(expect.objectContaining({ code: 'invalid_input' }));
    if (said !== undefined) expect(run).toThrow(said);
  });

  it('refuses a name that is a value and a parent at once', () => {
    expect(() => checkCatalogue({ customer: { label: 'x' }, 'customer.name': { label: 'y' } })).toThrow(
      'It cannot be both a value and the parent of “customer.name”',
    );
  });

  it('reports every problem', () => {
    const run = () => checkCatalogue({ now: { label: 'x' }, b: {}, c: { label: 'x' } });
    expect(run).toThrow(
      expect.objectContaining({ path: 'tags["now"]', issues: [expect.anything(), expect.anything()] }),
    );
    expect(() => checkCatalogue([])).toThrow('object of tags');
    expect(() => checkCatalogue(null)).toThrow('object of tags');
  });
});
