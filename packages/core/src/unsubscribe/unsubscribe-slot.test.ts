import { describe, expect, it } from 'vitest';
import { memoryContext } from '../memory-store.test-kit.ts';
import type { MessageRecord } from '../ports/index.ts';
import { checkCatalogue, contentOf, joinPart, renderSlots } from '../templates/index.ts';
import { UNSUBSCRIBE_SLOT, withUnsubscribeLink } from './unsubscribe-slot.ts';

const publicUrl = 'https://app.example.dk/messages';
const { keyring } = await memoryContext().open();
const bulk = {
  id: '019ac000-0000-7000-8000-000000000001',
  tenant: 'salon-sol',
  channel: 'email',
  from: { name: 'Salon Sol', address: `o'hara"(sol)@salonsol.dk` },
  replyTo: null,
  address: 'anna@example.dk',
  addressKey: '0123456789abcdef'.repeat(4),
  broadcast: 'b1',
} as unknown as MessageRecord;
const fill = (slots: readonly string[], url: string | null = publicUrl, message = bulk) =>
  withUnsubscribeLink({ publicUrl: url }, keyring, message, slots);

/** What the part says, as it leaves. */
async function said(html: string, url: string | null = publicUrl): Promise<string> {
  const { context } = await templates();
  const { compiled } = await contentOf(context, context.scope, { email: { subject: 'S', html } });
  const [content] = compiled;
  if (content?.skeleton.channel !== 'email') throw new Error('It is an email.');
  const reader = { locale: 'da', timeZone: 'UTC', now: 0, unsubscribeUrl: UNSUBSCRIBE_SLOT };
  const slots = await renderSlots(content, { data: {}, ...reader, tags: context.tags });
  return joinPart(content.skeleton.html ?? [], await fill(slots, url));
}

async function templates() {
  const scope = { tenant: 'salon-sol', scoped: false, locale: 'da', timeZone: 'UTC', country: null };
  const memory = memoryContext();
  const content = { findAdHocVersion: async () => undefined, knownFiles: async () => new Set() };
  const open = async () => {
    const { store, ...rest } = await memory.open();
    return { ...rest, store: { ...store, content } as unknown as typeof store };
  };
  const tags = checkCatalogue({ 'customer.firstName': { label: 'Fornavn' } });
  return { context: { ...memory, open, tags, scope } };
}

describe('the link to unsubscribe', () => {
  it.each([
    ['a link', '<a href="{{ unsubscribe.url }}">x</a>', /^<a href="(https:[^"]+)">x<\/a>$/],
    ['a link in other quotes', "<a href='{{ unsubscribe.url }}'>x</a>", /^<a href='(https:[^']+)'>x<\/a>$/],
    ['text', '<p>Afmeld: {{ unsubscribe.url }}</p>', /^<p>Afmeld: (https:[^<]+)<\/p>$/],
    ['another link', '<a href="https://x.dk/?to={{ unsubscribe.url }}">x</a>', /\?to=(https:[^"]+)"/],
    [
      'a condition',
      '{% if unsubscribe.url %}<p>{{ unsubscribe.url }}</p>{% endif %}',
      /^<p>(https:[^<]+)<\/p>$/,
    ],
    ['a name', '{% assign u = unsubscribe.url %}<p>{{ u }}</p>', /^<p>(https:[^<]+)<\/p>$/],
  ])('works in %s', async (_place, html, shape) => {
    const link = shape.exec(await said(html))?.[1];
    expect(link).toMatch(/^https:\/\/app\.example\.dk\/messages\/unsubscribe\/[\w-]{88,}$/);
  });

  it('is an email to the sender where there is no page, whose address breaks out of no attribute', async () => {
    const html = await said(`<a href='{{ unsubscribe.url }}'>x</a>`, null);
    expect(html).toMatch(
      /^<a href='mailto:o%27hara%22%28sol%29@salonsol\.dk\?subject=unsubscribe%20[\w-]+'>x<\/a>$/,
    );
  });

  it('is each message’s own, and of nobody in one that is to nobody', async () => {
    const other = { ...bulk, id: '019ac000-0000-7000-8000-000000000002' };
    const [mine, theirs] = [await fill([UNSUBSCRIBE_SLOT]), await fill([UNSUBSCRIBE_SLOT], publicUrl, other)];
    expect(mine).not.toEqual(theirs);
    expect(await fill([UNSUBSCRIBE_SLOT], publicUrl, { ...bulk, address: null, addressKey: null })).toEqual([
      '',
    ]);
  });

  it('leaves everything else as it is', async () => {
    const slots = ['Anna', '', '$& unsubscribe.url'];
    expect(await fill(slots)).toEqual(slots);
    expect(await fill([...slots, `<${UNSUBSCRIBE_SLOT}>`])).toEqual([
      ...slots,
      expect.stringMatching(/^<https:[^<>]+>$/),
    ]);
  });
});
