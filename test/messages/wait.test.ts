import { recordingAdapter } from '@posthorn/testing';
import { describe, expect, it } from 'vitest';
import { anna, dorte, openSalon } from './salon.test-kit.ts';

const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const code = (name: string, more: object = {}) => expect.objectContaining({ code: name, ...more });

describe('waiting for the first answer', () => {
  it('sends at once, without a worker of its own, and answers what became of it', async () => {
    const { posthorn, email } = await openSalon();
    email.answer('b@example.dk', 'bounced');
    email.answer('d@example.dk', 'greylisted');
    const to = [{ email: 'a@example.dk' }, { email: 'b@example.dk' }, { email: 'd@example.dk' }, dorte];
    const messages = await posthorn.send({ template: 'booking', to, data, wait: 'accepted' });
    expect(messages.map(({ status }) => status)).toEqual(['accepted', 'bounced', 'deferred', 'skipped']);
    expect(messages[1]?.failure).toMatchObject({
      class: 'hard',
      category: 'unknown_mailbox',
      fault: 'recipient',
    });
  });

  it('ends when the account is paused: the message waits', async () => {
    const { posthorn } = await openSalon();
    await posthorn.accounts.pause('test-email');
    const input = { template: 'booking', to: anna, data, wait: 'accepted' } as const;
    expect(await posthorn.send(input)).toMatchObject({ status: 'queued' });
  });

  it('is refused beside what cannot be sent now', async () => {
    const { posthorn } = await openSalon();
    const input = { template: 'booking', to: anna, data, wait: 'accepted' } as const;
    await expect(posthorn.send({ ...input, tx: {} })).rejects.toThrow(code('wait_with_tx'));
    const sendAt = new Date(Date.now() + 60_000);
    await expect(posthorn.send({ ...input, sendAt })).rejects.toThrow(
      code('invalid_input', { path: 'wait' }),
    );
  });
});

describe('an abort', () => {
  it('before the message is written leaves nothing', async () => {
    const { posthorn } = await openSalon();
    const reason = new Error('The visitor left.');
    const signal = AbortSignal.abort(reason);
    await expect(posthorn.send({ template: 'booking', to: anna, data, signal })).rejects.toBe(reason);
    expect((await posthorn.messages.list()).items).toEqual([]);
  });

  it('while waiting ends the waiting; the message is sent all the same', async () => {
    const { posthorn, drain } = await openSalon();
    const reason = new Error('The visitor left.');
    const controller = new AbortController();
    posthorn.on('message.queued', () => controller.abort(reason));
    const { signal } = controller;
    await expect(
      posthorn.send({ template: 'booking', to: anna, data, wait: 'accepted', signal }),
    ).rejects.toBe(reason);
    await drain();
    expect((await posthorn.messages.list()).items).toMatchObject([{ status: 'accepted', attempts: 1 }]);
  });

  it('ends the waiting at once, though the other side has not answered; the sending ends behind it', async () => {
    const email = recordingAdapter({ channel: 'email' });
    let handedOver = (): void => undefined;
    let answer = (): void => undefined;
    const reached = new Promise<void>((resolve) => {
      handedOver = resolve;
    });
    const answered = new Promise<void>((resolve) => {
      answer = resolve;
    });
    const open = email.open.bind(email);
    email.open = (...given) => {
      const transport = open(...given);
      return {
        ...transport,
        async send(...batch) {
          handedOver();
          await answered;
          await transport.send(...batch);
        },
      };
    };
    const { posthorn, drain } = await openSalon({ adapters: [email] });
    const reason = new Error('The visitor left.');
    const controller = new AbortController();
    const { signal } = controller;
    let ended = false;
    const end = (): void => {
      ended = true;
    };
    const sending = posthorn.send({ template: 'booking', to: anna, data, wait: 'accepted', signal });
    sending.then(end, end);
    await reached;
    controller.abort(reason);
    await new Promise((resolve) => setTimeout(resolve, 50));
    expect(ended).toBe(true);
    answer();
    await expect(sending).rejects.toBe(reason);
    await drain();
    expect((await posthorn.messages.list()).items).toMatchObject([{ status: 'accepted', attempts: 1 }]);
  });
});
