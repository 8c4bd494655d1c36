import { describe, expect, it } from 'vitest';
import { anna, bo, carl, openSalon } from './salon.test-kit.ts';

const input = { template: 'booking', to: anna, data: { reservation: { startsAt: '2026-11-27T10:00' } } };
const right = { email: 'anna@right.dk' };
const needsData = (...tags: string[]) =>
  expect.objectContaining({
    code: 'resend_needs_data',
    path: 'data',
    issues: tags.map((tag) => expect.objectContaining({ path: `data.${tag}` })),
  });

describe('sending again', () => {
  it('says to another address what was said, to the letter, even when the template is another one since', async () => {
    const { posthorn, email, drain } = await openSalon();
    const first = await posthorn.send({ ...input, headers: { 'X-Booking': '17' } });
    await drain();
    await posthorn.templates.save({ key: 'booking', email: { subject: 'Nyt', text: 'Nyt' } });
    const again = await posthorn.messages.resend(first.id, { to: right });
    expect(again).toMatchObject({
      resendOf: first.id,
      to: { source: null, id: null, address: 'anna@right.dk' },
      template: { key: 'booking', version: 1 },
      subject: first.subject,
      warnings: [],
    });
    await drain();
    const { to: _, ...said } = await posthorn.messages.rendered(first.id);
    expect(await posthorn.messages.rendered(again.id)).toMatchObject(said);
    expect(email.sent.map(({ to }) => to)).toEqual(['anna@example.dk', 'anna@right.dk']);
    const timeline = await posthorn.messages.timeline(first.id);
    expect(timeline.find(({ type }) => type === 'resent')).toMatchObject({ messageId: again.id });
  });

  it('reaches one who was skipped for want of an address', async () => {
    const { posthorn, email, drain } = await openSalon();
    const first = await posthorn.send({ ...input, to: carl });
    expect(first.status).toBe('skipped');
    await posthorn.messages.resend(first.id, { to: { email: 'carl@example.dk' } });
    await drain();
    expect(email.sent).toMatchObject([{ to: 'carl@example.dk', html: '<p>Hej Carl</p>' }]);
  });

  it("by another channel is filled in from the recipient's source", async () => {
    const { posthorn, sms, drain } = await openSalon();
    const first = await posthorn.send({ ...input, to: bo });
    expect(first).toMatchObject({ status: 'skipped', reason: 'no_address' });
    // The email shows a time that only the call knew, the text message nothing but what the source knows.
    const again = await posthorn.messages.resend(first.id, { channel: 'sms' });
    expect(again).toMatchObject({ channel: 'sms', template: { key: 'booking', version: 1 } });
    await drain();
    expect(sms.sent).toMatchObject([{ to: '+4587654321', text: 'Hej Bo' }]);
  });

  it('in the latest version needs the values that nobody knows any more, and sends nothing without', async () => {
    const { posthorn } = await openSalon();
    const first = await posthorn.send(input);
    const email = {
      subject: 'Ny tid: {{ reservation.startsAt | date }}',
      text: 'Hej {{ customer.firstName }}',
    };
    await posthorn.templates.save({ key: 'booking', email });
    await expect(posthorn.messages.resend(first.id, { version: 'latest' })).rejects.toThrow(
      needsData('reservation.startsAt'),
    );
    expect((await posthorn.messages.list()).items).toHaveLength(1);
    const data = { reservation: { startsAt: '2026-11-28T10:00' } };
    const again = await posthorn.messages.resend(first.id, { version: 'latest', data });
    expect(again.subject).toMatch(/^Ny tid: 28/);
  });

  it('needs a secret again once it was wiped', async () => {
    const { posthorn, email, drain } = await openSalon();
    await posthorn.templates.save({
      key: 'welcome',
      email: { subject: 'Velkommen', text: 'Kode: {{ account.password }}.' },
    });
    const secret = (password: string) => ({ account: { password } });
    const first = await posthorn.send({ template: 'welcome', to: anna, data: secret('hunter1') });
    const early = await posthorn.messages.resend(first.id, { to: right });
    expect(JSON.stringify(early)).not.toContain('hunter1');
    await drain();
    expect(email.sent.map(({ text }) => text.trim())).toEqual(['Kode: hunter1.', 'Kode: hunter1.']);
    await expect(posthorn.messages.resend(first.id)).rejects.toThrow(needsData('account.password'));
    await posthorn.messages.resend(first.id, { data: secret('hunter2') });
    await drain();
    expect(email.sent.at(-1)?.text.trim()).toBe('Kode: hunter2.');
  });

  it('warns where the original is in doubt', async () => {
    const { posthorn, email } = await openSalon();
    email.answer('anna@example.dk', 'unknown');
    const first = await posthorn.send({ ...input, wait: 'accepted' });
    const { warnings, status } = await posthorn.messages.resend(first.id);
    expect(warnings).toMatchObject([{ code: 'original_in_doubt' }]);
    expect(status).toBe('queued');
  });

  it('warns where the original still waits to be sent', async () => {
    const { posthorn } = await openSalon();
    const first = await posthorn.send({ ...input, sendAt: new Date(Date.now() + 60_000) });
    const resent = () => posthorn.messages.resend(first.id, { to: right });
    expect((await resent()).warnings).toMatchObject([{ code: 'original_waiting' }]);
    await posthorn.messages.cancel(first.id);
    expect((await resent()).warnings).toEqual([]);
  });

  it('warns where the address is marked, and skips it', async () => {
    const { posthorn } = await openSalon();
    const first = await posthorn.send(input);
    await posthorn.suppressions.add({ ...right, by: 'kim' });
    expect(await posthorn.messages.resend(first.id, { to: right })).toMatchObject({
      status: 'skipped',
      reason: 'suppressed:blocked',
      warnings: [{ code: 'address_suppressed' }],
    });
  });

  it.each([
    [{ to: [anna] }, { code: 'invalid_input', path: 'to' }],
    [{ to: { email: 'x' } }, { code: 'invalid_address', path: 'to.email' }],
    [{ channel: 'fax' }, { code: 'invalid_input', path: 'channel' }],
    [{ channel: 'internal' }, { code: 'no_account' }],
  ])('refuses %j', async (options, expected) => {
    const { posthorn } = await openSalon();
    const { id } = await posthorn.send(input);
    await expect(posthorn.messages.resend(id, options as object)).rejects.toThrow(
      expect.objectContaining(expected),
    );
  });
});
