import { describe, expect, it } from 'vitest';
import { heldAdapter } from './held-adapter.test-kit.ts';
import { answerAll, emailTo, openSalon, passing, until } from './salon.test-kit.ts';

describe("wait: 'accepted'", () => {
  it('answers what became of the message, though nobody works the queue', async () => {
    const { posthorn } = await openSalon();
    const message = await posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
    expect(message.status).toBe('accepted');
  });

  it.each([
    ['deferred', 'deferred'],
    ['bounced', 'bounced'],
    ['unknown', 'unknown'],
    ['credentials', 'queued'],
  ] as const)('answers as soon as it is tried, also where it is %s', async (answer, status) => {
    const { posthorn, email } = await openSalon();
    email.answer('anna@example.dk', answer);
    const message = await posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
    expect(message.status).toBe(status);
  });

  it('answers that it waits where its account cannot be opened', async () => {
    const broken = heldAdapter();
    const test = await openSalon({ adapters: [broken] });
    broken.open = () => {
      throw new Error('The settings are not readable any more.');
    };
    const sending = test.posthorn.send({ ...emailTo('anna@example.dk'), wait: 'accepted' });
    const message = await passing(test, 100, sending);
    expect(message).toMatchObject({ status: 'queued', attempts: 0 });
  });

  it('stops waiting when it is told to; the message is sent all the same', async () => {
    const held = heldAdapter();
    const test = await openSalon({ adapters: [held] });
    await test.posthorn.start();
    const controller = new AbortController();
    const sending = test.posthorn.send({
      ...emailTo('anna@example.dk'),
      wait: 'accepted',
      signal: controller.signal,
    });
    await until(() => held.waiting.length === 1);
    controller.abort(new Error('no patience'));
    await expect(sending).rejects.toThrow('no patience');
    await answerAll(held);
    await test.settled();
    expect((await test.posthorn.messages.list({ status: 'accepted' })).items).toHaveLength(1);
  });
});
