import { arrayRecipients } from '@posthorn/core';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Dump, dumpOf, type Row } from '../database.test-kit.ts';
import { methodsOf } from '../face.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';
import { burglary, burgle, comparable } from './burglary.test-kit.ts';
import { type Company, customersOf, furnish, type Known, listen, openPlatform } from './platform.test-kit.ts';

const word = fc
  .string({ unit: 'grapheme', minLength: 1, maxLength: 12 })
  .map((text) => text.replaceAll(/[\p{C}\p{Z}{}%<>&"'\\]/gu, ''))
  .map((text) => `words ${text}`);
const prefix = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);

/** Pairs that a careless comparison takes for one. */
const lookAlikes = fc
  .constantFrom(
    ['sol', 'sol '],
    ['sol', 'SOL'],
    ['caf\u00e9', 'cafe\u0301'],
    ['fi', '\ufb01'],
    ['1', '01'],
    ['1', '1.0'],
    ['sol', 'sol\u200d'],
    ['sol%', 'sol_'],
    ['constructor', '__proto__'],
    ['a b', 'b'],
    ["sol'--", 'sol'],
    ['default', 'DEFAULT'],
  )
  .chain(([a = '', b = '']) => fc.constantFrom([a, b], [b, a]));
const tenants = fc.oneof(
  lookAlikes,
  fc.uniqueArray(fc.stringMatching(/^[a-zA-Z0-9 ._:/-]{1,20}$/), { minLength: 2, maxLength: 2 }),
);

const scene = fc
  .record({
    tenants,
    prefix,
    words: fc.uniqueArray(word, { minLength: 2, maxLength: 2 }),
    burglarHas: fc.constantFrom('nothing', 'things of the same names', 'other things'),
    methods: fc.shuffledSubarray(Object.keys(burglary), { minLength: Object.keys(burglary).length }),
  })
  .map(({ tenants: [victim = '', burglar = ''], prefix: theirs, words, burglarHas, methods }) => ({
    victim: { tenant: victim, prefix: theirs, words: `victim's ${words[0]}` },
    burglar: {
      tenant: burglar,
      prefix: burglarHas === 'other things' ? `${theirs}x` : theirs,
      words: `burglar's ${words[1]}`,
    },
    burglarHasThings: burglarHas !== 'nothing',
    methods,
  }));

type Scene = typeof scene extends fc.Arbitrary<infer S> ? S : never;

/** What the burglar gets to see: answers, errors, events, and what leaves in its name. */
async function burglarsView({ burglar, burglarHasThings, methods }: Scene, victim: Company | Known) {
  const isThere = 'words' in victim;
  const rows = [...(isThere ? customersOf(victim) : []), ...(burglarHasThings ? customersOf(burglar) : [])];
  const platform = openPlatform(rows);
  const { posthorn, file, email } = platform;
  const face = posthorn.tenant(burglar.tenant);
  const burglarHears = listen(face);
  const known = isThere ? await furnish(platform, posthorn.tenant(victim.tenant), victim) : victim;

  if (burglarHasThings) await furnish(platform, face, burglar);
  else await face.identities.save({ key: 'x', channel: 'email', address: 'x@example.com' });
  const before = isThere ? rowsOf(dumpOf(file), victim.tenant) : {};
  let eventsForVictim = 0;
  const victimsListener = () => {
    eventsForVictim += 1;
  };
  const victimHears = isThere ? listen(posthorn.tenant(victim.tenant)) : [];
  if (isThere) posthorn.tenant(victim.tenant).on('message.queued', victimsListener);
  const loot = await burgle(face, known, methods, victimsListener);
  await posthorn.drain({ maxMs: 10_000 });
  const after = isThere ? rowsOf(dumpOf(file), victim.tenant) : {};
  const heardDuringBurglary = [...victimHears];
  if (isThere) {
    await posthorn
      .tenant(victim.tenant)
      .send({ to: { email: 'last@example.com' }, email: { subject: 'S', text: 'T' } });
  }
  const left = email.handedOver.filter(({ tenant }) => tenant === burglar.tenant);
  await posthorn.close();
  return {
    known,
    before,
    after,
    heardDuringBurglary,
    eventsForVictim,
    view: comparable([loot, burglarHears, left]),
  };
}

/** A tenant's rows of every table. */
function rowsOf(dump: Dump, tenant: string): Readonly<Record<string, readonly Row[]>> {
  return Object.fromEntries(
    Object.entries(dump).map(([table, rows]) => [table, rows.filter((row) => row.tenant === tenant)]),
  );
}

describe('nothing crosses a tenant', () => {
  it('and every method is tried', async () => {
    const { posthorn } = await openSalon();
    expect(Object.keys(burglary).sort()).toEqual(methodsOf(posthorn.tenant('sol')));
  });

  it('whatever it knows of another company, it sees what it would see without that company', async () => {
    await fc.assert(
      fc.asyncProperty(scene, async (it) => {
        const beside = await burglarsView(it, it.victim);
        const alone = await burglarsView(it, beside.known);
        expect(beside.view).toEqual(alone.view);
        expect(beside.after).toEqual(beside.before);
        expect(Object.values(beside.before).flat().length).toBeGreaterThan(20);
        expect(beside.heardDuringBurglary).toEqual([]);
        expect(beside.eventsForVictim).toBe(1);
      }),
      { numRuns: 8 },
    );
  });
});

describe('a recipient source that cannot tell tenants apart', () => {
  const staff = arrayRecipients({
    label: 'Staff',
    rows: [{ id: '1', email: 'kim@example.dk' }],
    id: 'id',
    email: 'email',
  });
  const to = { source: 'staff', id: '1' };
  const content = { email: { subject: 'S', text: 'T' } };
  const wall = expect.objectContaining({ code: 'tenant_wall', advice: expect.stringContaining('column') });

  it('is closed under .tenant(), whichever tenant it is', async () => {
    const { posthorn } = await openSalon({ recipients: { staff } });
    for (const face of [posthorn.tenant('sol'), posthorn.tenant('default')]) {
      await expect(face.send({ to, ...content })).rejects.toThrow(wall);
      await expect(face.preview({ to, ...content })).rejects.toThrow(wall);
      await expect(face.send({ to: [{ email: 'a@b.dk' }, to], ...content })).rejects.toThrow(
        expect.objectContaining({ code: 'tenant_wall', path: 'to[1].source' }),
      );
    }
  });

  it('serves a host with one company', async () => {
    const { posthorn } = await openSalon({ recipients: { staff } });
    expect((await posthorn.send({ to, ...content })).to.address).toBe('kim@example.dk');
  });
});

describe('the id of a tenant', () => {
  it.each([
    [''],
    ['$platform'],
    ['a\nb'],
    ['\ud800'],
    ['a'.repeat(129)],
    [17],
    [null],
    [undefined],
    [['sol']],
  ])('is not %j', async (id) => {
    const { posthorn } = await openSalon();
    expect(() => posthorn.tenant(id as string)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'tenant' }),
    );
  });
});
