import { describe, expect, it } from 'vitest';
import { openSalon } from './salon.test-kit.ts';

const to = { phone: '20112233' };
const sms = { text: 'Hej' };

describe('the sender of a text message', () => {
  it('is the one in the settings of the platform’s account, as long as the tenant has no identity', async () => {
    const { posthorn, allSent } = openSalon();
    expect((await posthorn.preview({ channel: 'sms', to, sms })).from).toEqual({ address: 'SALON' });
    const message = await posthorn.send({ channel: 'sms', to, sms });
    await posthorn.identities.save({ key: 'own', channel: 'sms', address: 'Salon Sol' });
    await posthorn.send({ channel: 'sms', to, sms });
    await posthorn.messages.resend(message.id);
    expect((await allSent()).map(({ from }) => from)).toEqual(['SALON', 'Salon Sol', 'Salon Sol']);
  });

  it('has to be saved for emails', async () => {
    const { posthorn } = openSalon();
    const email = { subject: 'S', text: 'T' };
    await expect(
      posthorn.send({ channel: 'email', to: { email: 'anna@example.com' }, email }),
    ).rejects.toMatchObject({ code: 'no_sender' });
  });

  it.each([
    ['20 11 22 33', '+4520112233'],
    ['+45 33 11 22 33', '+4533112233'],
    ['SALON SOL', 'SALON SOL'],
    [`MG${'0123456789abcdef'.repeat(2)}`, `MG${'0123456789abcdef'.repeat(2)}`],
  ])('can be %s', async (address, saved) => {
    const { posthorn } = openSalon();
    expect(await posthorn.identities.save({ key: 'own', channel: 'sms', address })).toMatchObject({
      address: saved,
    });
  });

  it.each([`MG${'x'.repeat(32)}`, `mg${'0'.repeat(32)}`, 'Twelve chars', '1234', 'Salon\n', 'Grøn'])(
    'cannot be %j',
    async (address) => {
      const { posthorn } = openSalon();
      await expect(posthorn.identities.save({ key: 'own', channel: 'sms', address })).rejects.toMatchObject({
        code: 'invalid_address',
        path: 'address',
      });
    },
  );
});
