import { describe, expect, it } from 'vitest';
import { reader, refusal, smsOf } from './compiling.test-kit.ts';

describe('values', () => {
  it.each([
    ['an empty one', {}, 'Hi '],
    ['nothing', { name: null }, 'Hi '],
    ['a number', { name: 1.5 }, 'Hi 1.5'],
    ['a Date', { name: new Date(reader.now) }, 'Hi 27. nov. 2026, 10.00'],
    ['money', { name: { amount: '212.80', currency: 'DKK' } }, 'Hi 212,80 kr.'],
  ])('%s is shown as people write it', async (_, data, expected) => {
    expect((await smsOf('Hi {{ name }}', data)).replaceAll('\u00a0', ' ')).toBe(expected);
  });

  it.each([
    ['a list', { customer: { cards: [1, 2] } }],
    ['a group of values', { customer: { cards: { a: 1 } } }],
  ])('%s is no text, and the error names the tag', async (what, data) => {
    const error = await refusal(smsOf('{{ customer.cards }}', data));
    expect(error).toMatchObject({ code: 'invalid_tag_value', path: 'customer.cards' });
    expect(error.message).toContain(`"customer.cards" is ${what}`);
  });

  it.each([
    'constructor',
    '__proto__',
    'customer.constructor.name',
    'customer.__proto__',
    'customer.toString',
    'name.sub',
  ])('that every object has are empty: %s', async (name) => {
    expect(await smsOf(`[{{ ${name} }}]`, { customer: {}, name: 'Anna' })).toBe('[]');
  });

  it('are never called', async () => {
    const call = () => 'called';
    expect(await smsOf('[{{ x }}{{ y.z }}]', { x: call, y: { z: call, toLiquid: call } })).toBe('[]');
  });

  it('are counted up for each message and part anew', async () => {
    const data = { n: 5 };
    expect(await smsOf('{% increment n %}{% increment n %}', data)).toBe('56');
    expect(data).toEqual({ n: 5 });
  });

  it('that hold each other are refused', async () => {
    const data: Record<string, unknown> = {};
    data.self = data;
    expect(await refusal(smsOf('{{ x }}', data))).toMatchObject({ code: 'invalid_tag_value', path: 'self' });
  });

  it('know the message’s time', async () => {
    expect(await smsOf('{{ now | date: "%Y-%m-%d %H:%M" }} {{ "today" | date: "%d" }}', {})).toBe(
      '2026-11-27 10:00 27',
    );
  });
});
