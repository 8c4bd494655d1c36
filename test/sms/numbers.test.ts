import { describe, expect, it } from 'vitest';
import { everybody, openSalon } from './salon.test-kit.ts';

const sms = { text: 'Hej' };

describe('a number without a country code', () => {
  it('is one of the tenant’s country, however it is written', async () => {
    const { posthorn, allSent } = openSalon([{ id: '1', phone: '20 11 22 33' }]);
    await posthorn.send({ channel: 'sms', to: { source: 'customers', id: '1' }, sms });
    await posthorn.send({ channel: 'sms', to: { phone: '20-11-22-33' }, sms });
    await posthorn.send({ channel: 'sms', to: { phone: '0045 2011 2233' }, sms });
    expect((await allSent()).map(({ to }) => to)).toEqual(Array(3).fill('+4520112233'));
    const { items } = await posthorn.messages.list({ address: '20112233' });
    expect(items).toHaveLength(3);
  });

  it('is one person, in a call that names it twice', async () => {
    const { posthorn, allSent } = openSalon();
    const to = [{ phone: '20112233' }, { phone: '+45 20 11 22 33' }];
    const [first, second] = await posthorn.send({ channel: 'sms', to, sms });
    expect(second?.id).toBe(first?.id);
    expect(await allSent()).toHaveLength(1);
  });

  it('is of the country that is said, of a locale that speaks of one, or of the platform’s', async () => {
    const { posthorn, allSent } = openSalon([], { country: 'DK', locale: 'en' });
    const to = { phone: '070 123 45 67' };
    const swedish = posthorn.tenant('stockholm', { locale: 'sv' });
    expect(await swedish.send({ channel: 'sms', to, sms })).toMatchObject({
      to: { address: '+46701234567' },
    });
    const said = posthorn.tenant('malmo', { locale: 'da', country: 'SE' });
    expect(await said.send({ channel: 'sms', to, sms })).toMatchObject({ to: { address: '+46701234567' } });
    const english = posthorn.tenant('aarhus', { locale: 'en' });
    await english.send({ channel: 'sms', to: { phone: '20112233' }, sms });
    expect((await allSent()).map(({ to: number }) => number)).toEqual(['+4520112233']);
  });

  it('has to be asked for where no country is known: the call fails, a customer is skipped', async () => {
    const { posthorn } = openSalon([{ id: '1', phone: '20112233' }], { locale: 'en' });
    await expect(posthorn.send({ channel: 'sms', to: { phone: '20112233' }, sms })).rejects.toMatchObject({
      code: 'invalid_address',
      path: 'to.phone',
      advice: expect.stringContaining('+45'),
    });
    expect(await posthorn.send({ channel: 'sms', to: { source: 'customers', id: '1' }, sms })).toMatchObject({
      status: 'skipped',
      reason: 'invalid_address',
    });
  });

  it.each(['Danmark', 'QX', 'ZZ', '', 45])('has no country called %j', (country) => {
    expect(() => openSalon([], { country: country as string })).toThrow(
      expect.objectContaining({ code: 'invalid_input', path: 'country' }),
    );
  });
});

describe('a number that takes no text messages', () => {
  it('is skipped, and the timeline says why, in both languages', async () => {
    const { posthorn } = openSalon([{ id: '1', phone: '33 11 22 33' }]);
    for (const to of [{ source: 'customers', id: '1' }, { phone: '33112233' }]) {
      const message = await posthorn.send({ channel: 'sms', to, sms });
      expect(message).toMatchObject({ status: 'skipped', reason: 'landline' });
      const said = async (locale: string) =>
        (await posthorn.messages.timeline(message.id, { locale })).at(-1)?.sentence;
      expect(await said('en')).toMatch(/33.*is a number that takes no text messages/);
      expect(await said('da')).toMatch(/33.*ikke kan modtage sms/);
    }
  });

  it('leaves the message to the next channel', async () => {
    const { posthorn } = openSalon();
    await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.example' });
    const to = { phone: '33112233', email: 'anna@example.com' };
    const message = await posthorn.send({
      channel: ['sms', 'email'],
      to,
      sms,
      email: { subject: 'S', text: 'T' },
    });
    expect(message).toMatchObject({ channel: 'email', status: 'queued' });
  });

  it('that exists nowhere is an error in a call, and skipped of a customer', async () => {
    const { posthorn } = openSalon([{ id: '1', phone: '1234' }]);
    await expect(posthorn.send({ channel: 'sms', to: { phone: '1234' }, sms })).rejects.toMatchObject({
      code: 'invalid_address',
      path: 'to.phone',
    });
    const plan = await posthorn.broadcasts.plan({ channel: 'sms', to: everybody, sms });
    expect(plan.skipped).toMatchObject([{ reason: 'invalid_address', count: 1 }]);
  });
});

describe('a mark on a number', () => {
  it('holds for every way to write it, and ends by any of them', async () => {
    const { posthorn } = openSalon([{ id: '1', phone: '20 11 22 33' }]);
    await posthorn.suppressions.add({ phone: '20112233' });
    expect(await posthorn.suppressions.get({ phone: '+45 20 11 22 33' })).toMatchObject({
      address: '+4520112233',
    });
    const to = { source: 'customers', id: '1' };
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ reason: 'suppressed:blocked' });
    const where = { combinator: 'and', rules: [{ field: 'phone.status', operator: '=', value: 'blocked' }] };
    expect(await posthorn.recipients.count({ source: 'customers', where })).toBe(1);
    expect(await posthorn.suppressions.lift({ phone: '0045 20112233' })).toHaveLength(1);
    expect(await posthorn.send({ channel: 'sms', to, sms })).toMatchObject({ status: 'queued' });
  });

  it('can be made on a landline by its country code, as it could before there was an SMS adapter', async () => {
    const { posthorn } = openSalon();
    await posthorn.suppressions.add({ phone: '+45 33 11 22 33' });
    expect(await posthorn.suppressions.get({ phone: '+4533112233' })).toMatchObject({ reason: 'blocked' });
  });
});

describe('what is known of phone numbers', () => {
  it('is not loaded by a host that writes emails, though its customers have numbers', async () => {
    const { posthorn, email, loads, drain } = openSalon([
      { id: '1', phone: '20112233', email: 'anna@example.com' },
    ]);
    await posthorn.identities.save({ key: 'salon', channel: 'email', address: 'hej@salon.example' });
    const letter = { subject: 'S', text: 'T' };
    await posthorn.send({ channel: 'email', to: { source: 'customers', id: '1' }, email: letter });
    await posthorn.broadcasts.plan({ channel: 'email', to: everybody, email: letter });
    await drain();
    expect(email.sent).toHaveLength(1);
    expect(loads()).toBe(0);
  });
});
