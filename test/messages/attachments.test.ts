import { expect, it } from 'vitest';
import { anna, openSalon } from './salon.test-kit.ts';

const MEGABYTE = 1024 * 1024;

async function salonWithFiles() {
  const salon = await openSalon();
  await salon.posthorn.templates.save({
    key: 'welcome',
    email: { subject: 'Welcome', html: '<p><img src="cid:logo"></p>' },
    attachments: [
      {
        filename: 'logo.png',
        content: new Uint8Array(20 * MEGABYTE),
        mediaType: 'image/png',
        inline: 'logo',
      },
    ],
  });
  return salon;
}

it('the files of a send and of its template have one limit together', async () => {
  const { posthorn } = await salonWithFiles();
  const invoice = { filename: 'invoice.pdf', content: new Uint8Array(6 * MEGABYTE) };
  await expect(
    posthorn.send({ template: 'welcome', channel: 'email', to: anna, attachments: [invoice] }),
  ).rejects.toMatchObject({ code: 'invalid_input', path: 'attachments' });
  expect((await posthorn.messages.list()).items).toEqual([]);
});

it('a file of a send does not take the content id of an image of the template', async () => {
  const { posthorn } = await salonWithFiles();
  const other = { filename: 'other.png', content: 'x', inline: 'logo' };
  await expect(
    posthorn.send({ template: 'welcome', channel: 'email', to: anna, attachments: [other] }),
  ).rejects.toMatchObject({ code: 'invalid_input', path: 'attachments[0].inline' });
});

it('files that go together travel together', async () => {
  const { posthorn } = await salonWithFiles();
  const invoice = { filename: 'invoice.pdf', content: 'paid' };
  const { id } = await posthorn.send({
    template: 'welcome',
    channel: 'email',
    to: anna,
    attachments: [invoice],
  });
  const { attachments } = await posthorn.messages.rendered(id);
  expect(attachments.map(({ filename }) => filename)).toEqual(['logo.png', 'invoice.pdf']);
});
