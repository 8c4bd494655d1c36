import { describe, expect, it } from 'vitest';
import type { TagCatalogue } from '../ports/index.ts';
import { scope, setUp } from './content.test-kit.ts';
import { createTemplates } from './create-templates.ts';
import { renderedContent } from './join-part.ts';
import { contentOf, type LoadedContent } from './load-content.ts';
import { renderSlots } from './render-slots.ts';

const tags = {
  'customer.firstName': { label: 'Fornavn' },
  'account.password': { label: 'Kodeord' },
} as const satisfies TagCatalogue;

const hello = { sms: { text: 'Hej {{ customer.firstName }}' } };
const reader = { locale: 'da', timeZone: 'UTC', now: 0 };

async function said({ compiled }: LoadedContent): Promise<unknown> {
  const [first] = compiled;
  if (first === undefined) throw new Error('Nothing was compiled.');
  return renderedContent(
    first.skeleton,
    await renderSlots(first, { data: { customer: { firstName: 'Anna' } }, ...reader }),
  );
}

describe('the content of a message', () => {
  it('is the template’s current version, or the one that is named', async () => {
    const { context } = setUp({ tags });
    const templates = createTemplates(context, scope);
    await templates.save({ key: 'hello', ...hello });
    await templates.save({ key: 'hello', sms: { text: 'Farvel' } });
    expect(await said(await contentOf(context, scope, { template: 'hello' }))).toMatchObject({
      text: 'Farvel',
    });
    const first = await contentOf(context, scope, { template: 'hello', version: 1 });
    expect(await said(first)).toMatchObject({ text: 'Hej Anna' });
    expect(first).toMatchObject({ template: { key: 'hello' }, version: { number: 1 }, isNew: null });
  });

  it('follows a new version at once, and is read once', async () => {
    const { context, content } = setUp({ tags });
    const templates = createTemplates(context, scope);
    await templates.save({ key: 'hello', ...hello });
    await Promise.all([1, 2, 3].map(() => contentOf(context, scope, { template: 'hello' })));
    expect(content.compiledReads()).toBe(1);
    await templates.save({ key: 'hello', sms: { text: 'Farvel' } });
    expect(await said(await contentOf(context, scope, { template: 'hello' }))).toMatchObject({
      text: 'Farvel',
    });
  });

  it.each([
    [{ template: 'hallo' }, { path: 'template', advice: 'Did you mean "hello"?' }],
    [{ template: 'hello', version: 9 }, { path: 'version' }],
    [{ template: 'gone' }, { path: 'template' }],
    [{ template: '__proto__' }, { path: 'template' }],
  ])('%j is not there', async (request, error) => {
    const { context } = setUp({ tags });
    const templates = createTemplates(context, scope);
    await templates.save({ key: 'hello', ...hello });
    await templates.save({ key: 'gone', ...hello });
    await contentOf(context, scope, { template: 'gone' });
    await templates.remove('gone');
    await expect(contentOf(context, scope, request)).rejects.toMatchObject({
      code: 'unknown_template',
      ...error,
    });
    // It may appear later.
    await templates.save({ key: request.template === '__proto__' ? 'x' : request.template, ...hello });
  });

  it('is another company’s business', async () => {
    const { context } = setUp({ tags });
    await createTemplates(context, scope).save({ key: 'hello', ...hello });
    const other = { ...scope, tenant: 'other' };
    await expect(contentOf(context, other, { template: 'hello' })).rejects.toMatchObject({
      code: 'unknown_template',
    });
  });
});

describe('content without a name', () => {
  it('is compiled once and stored with its first message', async () => {
    const { context, content } = setUp({ tags });
    const first = await contentOf(context, scope, hello);
    expect(await said(first)).toMatchObject({ text: 'Hej Anna' });
    expect(first).toMatchObject({ template: null, version: { template: null, number: null } });
    const again = await contentOf(context, scope, { sms: { ...hello.sms } });
    expect(again.compiled).toBe(first.compiled);

    if (first.isNew !== null) content.add(first.isNew);
    const stored = await contentOf(context, scope, hello);
    expect(stored).toMatchObject({ isNew: null, version: { id: first.version.id } });
  });

  it('is the same row for two processes that compose it at once', async () => {
    const [one, two] = await Promise.all(
      [setUp({ tags }), setUp({ tags })].map(({ context }) => contentOf(context, scope, hello)),
    );
    expect(one?.version.id).toBe(two?.version.id);
    expect(one?.compiled.map(({ skeleton }) => skeleton.id)).toEqual(
      two?.compiled.map(({ skeleton }) => skeleton.id),
    );
  });

  it('differs by company, language and snippet', async () => {
    const { context } = setUp({ tags });
    const templates = createTemplates(context, scope);
    await templates.save({ key: 'name', snippet: { text: 'Anna' } });
    const withSnippet = { sms: { text: '{% render "name" %}' } };
    const before = await contentOf(context, scope, withSnippet);
    await templates.save({ key: 'name', snippet: { text: 'Bo' } });
    const all = [
      before,
      await contentOf(context, scope, withSnippet),
      await contentOf(context, scope, hello),
      await contentOf(context, { ...scope, tenant: 'other' }, hello),
      await contentOf(context, { ...scope, locale: 'en' }, hello),
    ];
    expect(new Set(all.map(({ version }) => version.id)).size).toBe(all.length);
  });

  it('is checked as a template is', async () => {
    const { context } = setUp({ tags });
    const refused = (input: object) => expect(contentOf(context, scope, input)).rejects;
    await refused({ sms: { text: '{{ customer.name }}' } }).toMatchObject({
      code: 'unknown_tag',
      path: 'sms.text',
    });
    await refused({ email: { text: 'x' } }).toMatchObject({ code: 'template_subject_missing' });
    await refused({}).toMatchObject({ code: 'template_empty' });
    await refused({ snippet: { text: 'x' } }).toMatchObject({ code: 'invalid_input' });
  });

  it('may show images that travel beside it', async () => {
    const { context } = setUp({ tags });
    const input = { email: { subject: 'x', html: '<img src="cid:logo">' } };
    await expect(contentOf(context, scope, input, [])).rejects.toMatchObject({ path: 'email.html' });
    const logo = {
      hash: 'x',
      filename: 'logo.png',
      mediaType: 'image/png',
      sizeBytes: 1,
      disposition: 'inline',
      contentId: 'logo',
    } as const;
    await expect(contentOf(context, scope, input, [logo])).resolves.toBeDefined();
  });
});

describe('a tag that is declared sensitive later', () => {
  it('is sealed at once, without saving the template again', async () => {
    const { context, content } = setUp({ tags });
    const text = 'Hej {{ customer.firstName }}, {% assign p = account.password %}{{ p }}';
    await createTemplates(context, scope).save({ key: 'welcome', sms: { text } });
    const open = await contentOf(context, scope, { template: 'welcome' });
    expect(open.compiled[0]?.skeleton.sensitiveSlots).toEqual([]);

    const stricter = { ...tags, 'account.password': { label: 'Kodeord', sensitive: true } };
    const { context: restarted } = setUp({ tags: stricter, content });
    const sealed = await contentOf(restarted, scope, { template: 'welcome' });
    expect(sealed.compiled[0]?.skeleton.sensitiveSlots).toEqual([1]);
    expect(sealed.compiled[0]?.skeleton.id).toBe(open.compiled[0]?.skeleton.id);
  });
});
