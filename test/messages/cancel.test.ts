import { describe, expect, it } from 'vitest';
import { anna, dorte, openSalon } from './salon.test-kit.ts';

const input = { template: 'booking', to: anna, data: { reservation: { startsAt: '2026-11-27T10:00' } } };

describe('cancelling', () => {
  it('keeps a message that waits from being sent', async () => {
    const { posthorn, email, drain } = await openSalon();
    const heard: string[] = [];
    posthorn.on('message.canceled', ({ message }) => heard.push(message.status));
    const { id } = await posthorn.send(input);
    expect(await posthorn.messages.cancel(id)).toBe('canceled');
    await drain();
    expect(email.handedOver).toEqual([]);
    expect(heard).toEqual(['canceled']);
    expect(await posthorn.messages.get(id)).toMatchObject({ status: 'canceled', work: 'done', dueAt: null });
  });

  it('answers for each id, in order, whatever it is', async () => {
    const { posthorn, drain } = await openSalon();
    const other = posthorn.tenant('maane');
    await other.identities.save({ key: 'x', channel: 'email', address: 'x@maane.dk' });
    const foreign = await other.send({ to: dorte, email: { subject: 'S', text: 'T' } });
    const sent = await posthorn.send(input);
    await drain();
    const sendAt = new Date(Date.now() + 60_000);
    const scheduled = await posthorn.send({ ...input, sendAt });
    const ids = [scheduled.id, sent.id, foreign.id, 'no-such-id', scheduled.id];
    expect(await posthorn.messages.cancel(ids)).toEqual([
      'canceled',
      'already_done',
      'missing',
      'missing',
      'canceled',
    ]);
  });

  it('of one that waits for its second attempt ends it as canceled', async () => {
    const { posthorn, email } = await openSalon();
    email.answer('anna@example.dk', 'greylisted');
    const message = await posthorn.send({ ...input, wait: 'accepted' });
    expect(message.status).toBe('deferred');
    expect(await posthorn.messages.cancel(message.id)).toBe('canceled');
    expect(await posthorn.messages.get(message.id)).toMatchObject({ status: 'canceled', attempts: 1 });
  });

  describe('while it is being handed over is too late', () => {
    it('and what was sent stays sent', async () => {
      const { posthorn, email } = await openSalon();
      const answers = cancelDuringSend(posthorn, email);
      const { id } = await posthorn.send({ ...input, wait: 'accepted' });
      expect(answers).toEqual(['too_late']);
      expect(await posthorn.messages.get(id)).toMatchObject({ status: 'accepted' });
    });

    it('and until its end is known it is still being sent', async () => {
      const { posthorn, email } = await openSalon();
      const seen: unknown[] = [];
      cancelDuringSend(posthorn, email, async () => {
        for (const status of ['sending', 'canceled'] as const) {
          const { items } = await posthorn.messages.list({ status });
          seen.push([status, items.map((message) => message.status)]);
        }
      });
      await posthorn.send({ ...input, wait: 'accepted' });
      expect(seen).toEqual([
        ['sending', ['sending']],
        ['canceled', []],
      ]);
    });

    it('but one that did not get through is not tried again', async () => {
      const { posthorn, email, drain } = await openSalon();
      email.answer('anna@example.dk', 'greylisted');
      cancelDuringSend(posthorn, email);
      const message = await posthorn.send({ ...input, wait: 'accepted' });
      expect(message).toMatchObject({ status: 'canceled', work: 'done', dueAt: null });
      await drain();
      expect(email.handedOver).toHaveLength(1);
      const timeline = await posthorn.messages.timeline(message.id, { locale: 'en' });
      expect(timeline.at(-1)).toMatchObject({ type: 'canceled', title: 'Cancelled' });
    });
  });
});

type Salon = Awaited<ReturnType<typeof openSalon>>;

/** The adapter's next hand-over waits until everything that is being sent was cancelled. */
function cancelDuringSend(
  posthorn: Salon['posthorn'],
  email: Salon['email'],
  look: () => Promise<void> = async () => undefined,
): string[] {
  const answers: string[] = [];
  const open = email.open.bind(email);
  email.open = (settings, runtime) => {
    const transport = open(settings, runtime);
    const send = transport.send.bind(transport);
    return Object.assign(transport, {
      async send(...[batch, options]: Parameters<typeof send>) {
        const ids = batch.map(({ messageId }) => messageId);
        answers.push(...(await posthorn.messages.cancel(ids)));
        await look();
        await send(batch, options);
      },
    });
  };
  return answers;
}
