import { describe, expect, it } from 'vitest';
import { anna, bo, carl, openSalon } from './salon.test-kit.ts';

const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const code = (name: string, more: object = {}) => expect.objectContaining({ code: name, ...more });

describe('sending a template', () => {
  it('renders it for the recipient and queues it', async () => {
    const { posthorn, email, drain } = await openSalon();
    const message = await posthorn.send({ template: 'booking', to: anna, data });
    expect(message).toMatchObject({
      tenant: 'default',
      channel: 'email',
      status: 'queued',
      template: { key: 'booking', version: 1 },
      from: { name: 'Salon Sol', address: 'hej@salonsol.dk' },
      to: { source: 'customers', id: '17', name: 'Anna', address: 'anna@example.dk' },
      locale: 'da',
      timeZone: 'Europe/Copenhagen',
      repeated: false,
      key: null,
    });
    expect(message.subject).toMatch(/^Vi ses 27/);
    await drain();
    expect(email.sent).toMatchObject([
      { to: 'anna@example.dk', html: '<p>Hej Anna</p>', subject: message.subject },
    ]);
    expect(await posthorn.messages.get(message.id)).toMatchObject({ status: 'accepted', attempts: 1 });
  });

  it("puts the call's values before the source's, tag by tag", async () => {
    const { posthorn } = await openSalon();
    const { id } = await posthorn.send({
      template: 'booking',
      to: anna,
      data: { ...data, customer: { firstName: 'Annemarie' } },
    });
    expect((await posthorn.messages.rendered(id)).html).toBe('<p>Hej Annemarie</p>');
  });

  it('takes the only channel of the content where none is named, else email', async () => {
    const { posthorn } = await openSalon();
    await posthorn.templates.save({ key: 'text', sms: { text: 'Hej' } });
    expect(await posthorn.send({ template: 'text', to: anna })).toMatchObject({ channel: 'sms' });
    expect(await posthorn.send({ template: 'booking', to: anna, data })).toMatchObject({ channel: 'email' });
  });

  it('answers an array for an array, in its order', async () => {
    const { posthorn } = await openSalon();
    const messages = await posthorn.send({
      template: 'booking',
      to: [anna, { email: 'x@example.dk' }],
      data,
    });
    expect(messages.map(({ to }) => to.address)).toEqual(['anna@example.dk', 'x@example.dk']);
  });

  it('writes to one who is named twice once, and to two who share an address twice', async () => {
    const { posthorn, email, drain } = await openSalon();
    const husband = { source: 'customers', id: '21' };
    const to = [anna, { email: 'X@Example.dk' }, anna, husband, { email: 'x@example.dk' }];
    const messages = await posthorn.send({ template: 'booking', to, data });
    const ids = messages.map(({ id }) => id);
    expect(ids[2]).toBe(ids[0]);
    expect(ids[4]).toBe(ids[1]);
    expect(new Set(ids).size).toBe(3);
    await drain();
    expect(email.sent.map(({ to }) => to).sort()).toEqual([
      'X@Example.dk',
      'anna@example.dk',
      'anna@example.dk',
    ]);
  });

  it('carries headers, reply-to and files', async () => {
    const { posthorn, email, drain } = await openSalon();
    const { id } = await posthorn.send({
      template: 'booking',
      to: anna,
      data,
      headers: { 'X-Booking': '17' },
      replyTo: 'svar@salonsol.dk',
      attachments: [{ filename: 'kvittering.txt', content: 'Tak' }],
    });
    await drain();
    expect(email.sent).toMatchObject([
      {
        headers: { 'X-Booking': '17' },
        replyTo: 'svar@salonsol.dk',
        attachments: [{ filename: 'kvittering.txt' }],
      },
    ]);
    expect(await posthorn.messages.rendered(id)).toMatchObject({
      headers: { 'X-Booking': '17' },
      replyTo: { address: 'svar@salonsol.dk' },
      attachments: [{ filename: 'kvittering.txt', sizeBytes: 3, inline: null }],
    });
  });

  it('is in the language that is asked for, however it is spelt', async () => {
    const { posthorn } = await openSalon();
    const message = await posthorn.send({ template: 'booking', to: anna, data, locale: 'EN-gb' });
    expect(message).toMatchObject({ locale: 'en-GB', subject: expect.stringMatching(/^Vi ses 27 Nov/) });
  });

  it('is told live, before and after it is sent', async () => {
    const { posthorn, drain } = await openSalon();
    const heard: string[] = [];
    posthorn.on('message.queued', ({ message }) => heard.push(`queued ${message.id}`));
    posthorn.on('message.accepted', ({ message }) => heard.push(`accepted ${message.id}`));
    const { id } = await posthorn.send({ template: 'booking', to: anna, data });
    await drain();
    expect(heard).toEqual([`queued ${id}`, `accepted ${id}`]);
  });
});

describe('sending an ad-hoc composition', () => {
  it('needs no template, and stores the same content once', async () => {
    const { posthorn, email, drain } = await openSalon();
    const content = { email: { subject: 'Storm', html: '<p>Vi lukker.</p>' } };
    const one = await posthorn.send({ ...content, to: anna });
    const [other] = await posthorn.send({ ...content, to: [bo] });
    expect(one).toMatchObject({ template: null, channel: 'email', subject: 'Storm' });
    expect(other).toMatchObject({ status: 'skipped', reason: 'no_address' });
    await drain();
    expect(email.sent).toMatchObject([{ subject: 'Storm', html: '<p>Vi lukker.</p>' }]);
  });
});

describe('the channel', () => {
  it('of a list is the first that reaches', async () => {
    const { posthorn } = await openSalon();
    const channel = ['email', 'sms'] as const;
    const [a, b] = await posthorn.send({ template: 'booking', channel, to: [anna, bo], data });
    expect([a?.channel, b?.channel]).toEqual(['email', 'sms']);
    expect([a?.status, b?.status]).toEqual(['queued', 'queued']);
  });

  it('where none reaches is the one that says most about why, once', async () => {
    const { posthorn } = await openSalon();
    const message = await posthorn.send({ template: 'booking', channel: ['sms', 'email'], to: carl, data });
    expect(message).toMatchObject({
      channel: 'email',
      status: 'skipped',
      reason: 'invalid_address',
      work: 'done',
    });
    const timeline = await posthorn.messages.timeline(message.id, { locale: 'en' });
    expect(timeline.map(({ sentence }) => sentence)).toEqual([
      'Written to Carl.',
      'Skipped because “carl(at)example.dk” is not a valid email address.',
    ]);
  });

  it('passes by an address that is marked, and takes the next', async () => {
    const { posthorn } = await openSalon();
    await posthorn.suppressions.add({ email: 'ANNA@example.dk', by: 'kim' });
    const send = (channel: 'email' | readonly ['email', 'sms']) =>
      posthorn.send({ template: 'booking', channel, to: anna, data });
    expect(await send(['email', 'sms'])).toMatchObject({ channel: 'sms', status: 'queued' });
    expect(await send('email')).toMatchObject({ status: 'skipped', reason: 'suppressed:blocked' });
  });

  it('all of several gives a message by each, for one recipient too', async () => {
    const { posthorn } = await openSalon();
    await posthorn.templates.save({ key: 'only-email', email: { subject: 'S', text: 'T' } });
    const all = { all: ['email', 'sms'] } as const;
    const messages = await posthorn.send({ template: 'only-email', channel: all, to: [anna, bo] });
    expect(messages.map(({ channel, status, reason }) => [channel, status, reason])).toEqual([
      ['email', 'queued', null],
      ['sms', 'skipped', 'no_content'],
      ['email', 'skipped', 'no_address'],
      ['sms', 'skipped', 'no_content'],
    ]);
    expect(await posthorn.send({ template: 'only-email', channel: all, to: anna })).toHaveLength(2);
    const skipped = messages[1]?.id ?? '';
    expect(await posthorn.messages.rendered(skipped)).toMatchObject({
      subject: null,
      html: null,
      text: null,
    });
  });

  it('without an adapter is an error of the set-up, and one without a sender is passed by if another has one', async () => {
    const { posthorn } = await openSalon();
    await expect(posthorn.send({ template: 'booking', channel: 'internal', to: anna, data })).rejects.toThrow(
      code('no_account'),
    );
    const sol = posthorn.tenant('sol');
    await sol.identities.save({ key: 's', channel: 'email', address: 'hej@sol.dk' });
    const content = { email: { subject: 'S', text: 'T' }, sms: { text: 'T' } };
    await expect(sol.send({ ...content, channel: 'sms', to: anna })).rejects.toThrow(code('no_sender'));
    expect(await sol.send({ ...content, channel: ['sms', 'email'], to: anna })).toMatchObject({
      channel: 'email',
    });
  });
});

describe('the sender', () => {
  it("is the send's, else the template's, else the default", async () => {
    const { posthorn } = await openSalon();
    const save = (key: string) =>
      posthorn.identities.save({ key, channel: 'email', address: `${key}@salonsol.dk` });
    await save('kim');
    await save('lone');
    await posthorn.templates.save({ key: 'from-kim', identity: 'kim', email: { subject: 'S', text: 'T' } });
    const from = async (input: object) =>
      (await posthorn.send({ template: 'from-kim', to: anna, ...input })).from.address;
    expect(await from({})).toBe('kim@salonsol.dk');
    expect(await from({ identity: 'lone' })).toBe('lone@salonsol.dk');
    expect(await from({ identity: { email: 'lone' } })).toBe('lone@salonsol.dk');
    expect(await from({ template: 'booking', data })).toBe('hej@salonsol.dk');
    await expect(from({ identity: 'nobody' })).rejects.toThrow(code('unknown_identity'));
  });
});

describe('time', () => {
  it('holds a message back until sendAt', async () => {
    const { posthorn, email, drain } = await openSalon();
    const sendAt = new Date(Date.now() + 3_600_000);
    const message = await posthorn.send({ template: 'booking', to: anna, data, sendAt });
    expect(message).toMatchObject({ status: 'scheduled', sendAt, dueAt: sendAt });
    await drain();
    expect(email.sent).toEqual([]);
    const [, scheduled] = await posthorn.messages.timeline(message.id);
    expect(scheduled).toMatchObject({ type: 'scheduled', title: 'Planlagt' });
  });
});

describe('sensitive values', () => {
  it('reach the recipient and nobody else', async () => {
    const { posthorn, email, drain } = await openSalon();
    await posthorn.templates.save({
      key: 'welcome',
      email: { subject: 'Velkommen', text: 'Kode: {{ account.password }}.' },
    });
    const secret = { account: { password: 'hunter2' } };
    const message = await posthorn.send({ template: 'welcome', to: anna, data: secret });
    const shown = async () =>
      JSON.stringify([
        message,
        await posthorn.messages.get(message.id),
        await posthorn.messages.rendered(message.id),
        await posthorn.messages.timeline(message.id),
      ]);
    expect(await shown()).not.toContain('hunter2');
    expect(message.preview).toBe('Kode: ••••••.');
    await drain();
    expect(email.sent[0]?.text).toContain('Kode: hunter2.');
    expect(await shown()).not.toContain('hunter2');
  });
});
