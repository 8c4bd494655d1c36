import { smtp } from '@posthorn/adapter-smtp';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, type TagCatalogue } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { expectRefused, openStoredSalon } from './stored-salon.test-kit.ts';

/** What every object of JavaScript answers to. */
const NAMES = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  '__defineGetter__',
];
const to = { email: 'anna@example.dk' };
const content = { email: { subject: 'S', text: 'T' } };
const secrets = { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } };

afterEach(() => {
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
});

describe.each(NAMES)('the name %s', (name) => {
  it('is no tag that a catalogue may declare', () => {
    const declare = (tags: TagCatalogue) => () =>
      createPosthorn({ backend: sqlite(':memory:'), adapters: [], secrets, tags });
    for (const tag of [name, `customer.${name}`, `${name}.firstName`]) {
      const tags = Object.fromEntries([[tag, { label: 'L' }]]);
      expect(declare(tags)).toThrow(
        expect.objectContaining({ code: 'invalid_input', path: expect.any(String) }),
      );
    }
    const list = {
      'order.lines': { label: 'L', type: 'list', of: Object.fromEntries([[name, 'text' as const]]) },
    } as const;
    expect(declare(list)).toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });

  it('is no tag of a template', async () => {
    const { posthorn, file } = await openStoredSalon();
    for (const tag of [name, `customer.${name}`, `customer["${name}"]`, `${name}.polluted`]) {
      const email = { subject: 'S', html: `{{ ${tag} }}` };
      await expectRefused(file, () => posthorn.templates.save({ key: 't', email }), {
        code: 'unknown_tag',
        path: 'email.html',
      });
    }
  });

  it('shows nothing where any tag may be used', async () => {
    const { posthorn } = await openStoredSalon({ tags: {} });
    const places = [
      name,
      `customer.${name}`,
      `customer["${name}"]`,
      `customer.${name}.name`,
      `list[0].${name}`,
    ];
    const html = places.map((place) => `{{ ${place} }}`).join('|');
    const data = { customer: { firstName: 'Anna' }, list: [{ a: 1 }] };
    const { html: shown } = await posthorn.preview({ email: { subject: 'S', html }, data: data as never });
    expect(shown).toBe(places.map(() => '').join('|'));
  });

  it('in data is data', async () => {
    const { posthorn } = await openStoredSalon({ tags: {} });
    const evil = JSON.stringify({ polluted: 1, constructor: { prototype: { polluted: 1 } } });
    const data = JSON.parse(
      `{ ${JSON.stringify(name)}: ${evil}, "customer": { ${JSON.stringify(name)}: ${evil} } }`,
    );
    const { id } = await posthorn.send({ ...content, to, data });
    expect(await posthorn.messages.rendered(id)).toMatchObject({ text: 'T' });
  });

  it('is nobody’s key until somebody takes it', async () => {
    const { posthorn, file } = await openStoredSalon({
      adapters: [smtp(), recordingAdapter({ channel: 'email' })],
    });
    const refused = (code: string, path: string, call: () => Promise<unknown>) =>
      expectRefused(file, call, { code, path });
    expect(await posthorn.accounts.get(name)).toBeNull();
    expect(await posthorn.identities.get('email', name)).toBeNull();
    expect(await posthorn.templates.get(name)).toBeNull();
    expect(await posthorn.messages.get(name)).toBeNull();
    await refused('unknown_adapter', 'adapter', () =>
      posthorn.accounts.save({ key: 'a', adapter: name, settings: {} }),
    );
    await refused('unknown_template', 'template', () => posthorn.send({ template: name, to }));
    await refused('unknown_identity', 'identity', () => posthorn.send({ ...content, identity: name, to }));
    await refused('unknown_source', 'to.source', () =>
      posthorn.send({ ...content, to: { source: name, id: '1' } }),
    );
    await refused('unknown_recipient', 'to', () =>
      posthorn.send({ ...content, to: { source: 'customers', id: name } }),
    );
    await refused('unknown_message', 'id', () => posthorn.messages.timeline(name));
    await refused('invalid_input', 'channel', () =>
      posthorn.send({ ...content, channel: name as 'email', to }),
    );
  });

  it('as a key of a host’s own works like any other, or is refused', async () => {
    const { posthorn, email, drain } = await openStoredSalon();
    const { id } = await posthorn.send({ ...content, to, key: name, headers: { [`X-${name}`]: name } });
    expect(
      await posthorn.send({ ...content, to, key: name, headers: { [`X-${name}`]: name } }),
    ).toMatchObject({ id });
    await drain();
    expect(email.sent).toMatchObject([{ headers: { [`X-${name}`]: name } }]);
    const sol = posthorn.tenant(name);
    await sol.identities.save({ key: 'x', channel: 'email', address: 'x@sol.dk' });
    expect(await sol.send({ ...content, to })).toMatchObject({ tenant: name, from: { address: 'x@sol.dk' } });
    expect((await sol.messages.list()).items).toHaveLength(1);
  });
});

describe('a tag that is no text', () => {
  const show = (tag: string) => ({ email: { subject: 'S', html: `{{ ${tag} }}` } });

  it.each([
    ['a group', 'customer', 'customer'],
    ['a list', 'order.lines', 'order.lines'],
  ])('is refused when it is saved: %s', async (_, tag) => {
    const tags = {
      'customer.firstName': { label: 'F' },
      'reservation.startsAt': { label: 'T', type: 'datetime' },
      'order.lines': { label: 'L', type: 'list', of: { name: 'text' } },
    } as const;
    const { posthorn, file } = await openStoredSalon({ tags });
    await expectRefused(file, () => posthorn.templates.save({ key: 't', ...show(tag) }), {
      code: 'unknown_tag',
      path: 'email.html',
    });
  });

  it.each([
    ['an object', { firstName: { first: 'A' } }],
    ['a list', { firstName: ['A'] }],
    ['a function', { firstName: () => 'A' }],
    ['a promise', { firstName: Promise.resolve('A') }],
    ['a symbol', { firstName: Symbol('A') }],
    ['no number', { firstName: Number.NaN }],
    ['an object with toString', { firstName: { toString: () => 'A' } }],
  ])('is refused when it is filled in: %s', async (_, customer) => {
    const { posthorn, file } = await openStoredSalon();
    const send = () => posthorn.send({ ...show('customer.firstName'), to, data: { customer } as never });
    await expectRefused(file, send, { code: 'invalid_tag_value', path: 'data.customer.firstName' });
  });

  it('is refused where its group is a text', async () => {
    const { posthorn, file } = await openStoredSalon();
    const send = () =>
      posthorn.send({ ...show('customer.firstName'), to, data: { customer: 'Anna' } as never });
    await expectRefused(file, send, { code: 'invalid_tag_value', path: 'data.customer' });
  });

  it('does not leave as [object Object] where any tag may be used', async () => {
    const { posthorn } = await openStoredSalon({ tags: {} });
    const html = '{{ o }}|{{ a }}|{{ f }}|{{ s }}|{{ o | upcase }}|{{ "x" | append: o }}';
    const data = { o: { a: 1, toString: () => 'evil' }, a: [{ b: 1 }], f: () => 'evil', s: Symbol('evil') };
    const result = await posthorn
      .preview({ email: { subject: 'S', html }, data: data as never })
      .then(({ html: shown }) => shown)
      .catch((error: unknown) => error);
    if (result instanceof Error) expect(result).toMatchObject({ code: 'invalid_tag_value' });
    else expect(result).not.toMatch(/evil|\[object/);
  });

  it('that has no end is refused', async () => {
    const { posthorn, file } = await openStoredSalon({ tags: {} });
    const endless: Record<string, unknown> = {};
    endless.self = endless;
    const send = (key?: string) => posthorn.send({ ...content, to, key, data: { endless } as never });
    await expectRefused(file, () => send(), { code: 'invalid_tag_value', path: 'endless' });
    await expect(send('k')).rejects.toThrow(expect.objectContaining({ code: 'invalid_input' }));
  });
});
