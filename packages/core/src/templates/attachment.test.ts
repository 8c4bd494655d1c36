import { describe, expect, it } from 'vitest';
import { scope, setUp } from './content.test-kit.ts';
import { createTemplates } from './create-templates.ts';
import type { TemplateInput } from './template.ts';

function room() {
  const { context, content } = setUp();
  return { templates: createTemplates(context, scope), content };
}

const email = (html: string, more: Partial<TemplateInput> = {}): TemplateInput => ({
  key: 'mail',
  email: { subject: 'Hej', html },
  ...more,
});

describe('files', () => {
  const logo = { filename: 'logo.png', content: new Uint8Array([1, 2, 3]), inline: 'logo' };

  it('are stored once, by their content', async () => {
    const { templates, content } = room();
    const terms = { filename: 'vilkår.txt', content: 'Vær på tid' };
    const saved = await templates.save(
      email('<img src="cid:logo">', { attachments: [logo, terms, { ...logo, inline: 'again' }] }),
    );
    expect(saved.attachments).toEqual([
      { filename: 'logo.png', mediaType: 'image/png', sizeBytes: 3, inline: 'logo' },
      { filename: 'vilkår.txt', mediaType: 'text/plain; charset=utf-8', sizeBytes: 12, inline: null },
      { filename: 'logo.png', mediaType: 'image/png', sizeBytes: 3, inline: 'again' },
    ]);
    expect(content.files.size).toBe(2);
  });

  it('are copied: the host may go on with its bytes', async () => {
    const { templates, content } = room();
    const bytes = new Uint8Array([1, 2, 3]);
    await templates.save(email('<p>x</p>', { attachments: [{ ...logo, content: bytes }] }));
    bytes.fill(0);
    expect([...content.files.values()][0]?.content).toEqual(new Uint8Array([1, 2, 3]));
  });

  it.each<[string, object, string, string]>([
    ['a path', { filename: '../etc/passwd' }, 'invalid_input', 'filename'],
    ['a Windows path', { filename: 'C:\\a.txt' }, 'invalid_input', 'filename'],
    ['a line break', { filename: 'a\r\nX: y.txt' }, 'header_injection', 'filename'],
    ['nothing but dots', { filename: '..' }, 'invalid_input', 'filename'],
    ['no name', { filename: ' ' }, 'invalid_input', 'filename'],
    ['a name that turns around', { filename: 'a\u202egnp.exe' }, 'invalid_input', 'filename'],
    ['no media type', { mediaType: 'png' }, 'invalid_input', 'mediaType'],
    ['a header in the media type', { mediaType: 'image/png\r\nX: y' }, 'header_injection', 'mediaType'],
    ['a part of parts', { mediaType: 'multipart/mixed' }, 'invalid_input', 'mediaType'],
    ['no content id', { inline: 'my logo' }, 'invalid_input', 'inline'],
    ['a header in the content id', { inline: 'a\nb' }, 'header_injection', 'inline'],
    ['neither bytes nor text', { content: { path: '/etc/passwd' } }, 'invalid_input', 'content'],
    ['an address instead of bytes', { href: 'http://x.dk/logo.png' }, 'invalid_input', ''],
  ])('with %s are refused', async (_what, wrong, code, field) => {
    const { templates } = room();
    const path = field === '' ? 'attachments[0]' : `attachments[0].${field}`;
    const input = email('<p>x</p>', { attachments: [{ ...logo, ...wrong }] });
    await expect(templates.save(input)).rejects.toMatchObject({ code, path });
  });

  it('are not too large together, and have distinct content ids', async () => {
    const { templates } = room();
    const large = { filename: 'a.bin', content: new Uint8Array(13 * 1024 * 1024) };
    await expect(templates.save(email('x', { attachments: [large, large] }))).rejects.toMatchObject({
      path: 'attachments',
    });
    await expect(templates.save(email('x', { attachments: [logo, logo] }))).rejects.toMatchObject({
      path: 'attachments[1].inline',
    });
  });
});
