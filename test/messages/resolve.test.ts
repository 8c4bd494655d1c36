import { describe, expect, it } from 'vitest';
import { anna, openSalon } from './salon.test-kit.ts';

const input = { template: 'booking', to: anna, data: { reservation: { startsAt: '2026-11-27T10:00' } } };

async function openWithDoubt() {
  const salon = await openSalon();
  salon.email.answer('anna@example.dk', 'unknown');
  const message = await salon.posthorn.send({ ...input, wait: 'accepted' });
  expect(message.status).toBe('unknown');
  return { ...salon, id: message.id };
}

describe('a message in doubt', () => {
  it('is not tried again by itself', async () => {
    const { email, drain } = await openWithDoubt();
    await drain();
    expect(email.handedOver).toHaveLength(1);
  });

  it.each(['accepted', 'failed'] as const)('is %s when a person says so', async (resolution) => {
    const { posthorn, id, email, drain } = await openWithDoubt();
    const heard: string[] = [];
    posthorn.on(`message.${resolution}`, ({ message }) => heard.push(message.id));
    await posthorn.messages.resolve([id], resolution, { by: 'kim' });
    expect(heard).toEqual([id]);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: resolution, work: 'done' });
    expect((await posthorn.messages.timeline(id, { locale: 'da' })).at(-1)).toMatchObject({
      by: 'kim',
      title: 'Afgjort i hånden',
    });
    await drain();
    expect(email.handedOver).toHaveLength(1);
  });

  it('is sent again when a person says so, as a second attempt of the same message', async () => {
    const { posthorn, id, email, drain } = await openWithDoubt();
    await posthorn.messages.resolve([id], 'resend', { by: 'kim' });
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'queued' });
    await drain();
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted', attempts: 2 });
    expect(email.handedOver.map(({ messageId, attempt }) => [messageId, attempt])).toEqual([
      [id, 1],
      [id, 2],
    ]);
  });

  it('keeps its secrets until the doubt has ended', async () => {
    const { posthorn, email, drain } = await openSalon();
    await posthorn.templates.save({
      key: 'welcome',
      email: { subject: 'Velkommen', text: 'Kode: {{ account.password }}.' },
    });
    email.answer('anna@example.dk', 'unknown');
    const { id } = await posthorn.send({
      template: 'welcome',
      to: anna,
      data: { account: { password: 'hunter2' } },
      wait: 'accepted',
    });
    await posthorn.messages.resolve([id], 'resend', { by: 'kim' });
    await drain();
    expect(email.handedOver.map(({ text }) => text.trim())).toEqual(['Kode: hunter2.', 'Kode: hunter2.']);
  });
});

describe('resolving', () => {
  it('refuses all when one is not in doubt, and names it', async () => {
    const { posthorn, id, drain } = await openWithDoubt();
    const sent = await posthorn.send(input);
    await drain();
    const refused = posthorn.messages.resolve([id, sent.id], 'failed', { by: 'kim' });
    await expect(refused).rejects.toThrow(
      expect.objectContaining({ code: 'not_in_doubt', issues: [{ path: 'ids', message: sent.id }] }),
    );
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'unknown' });
  });

  it('needs the name of who decided', async () => {
    const { posthorn, id } = await openWithDoubt();
    await expect(posthorn.messages.resolve([id], 'failed', { by: '' })).rejects.toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'by' }),
    );
  });
});
