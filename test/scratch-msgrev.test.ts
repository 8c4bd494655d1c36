import { expect, it, vi } from 'vitest';
import { anna, bo, openSalon, openSalonInHostDatabase, CUSTOMERS } from './messages/salon.test-kit.ts';
import { arrayRecipients } from '@posthorn/core';
import { monitorEventLoopDelay } from 'node:perf_hooks';

const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const show = async (name: string, p: () => unknown) => {
  try { console.log(name, '=>', JSON.stringify(await p())); } catch (e: any) { console.log(name, 'THROWS', e?.constructor?.name, e?.code, e?.message); }
};

it('E1 expired repeat', async () => {
  const { posthorn, drain } = await openSalon();
  const input = { template: 'booking', to: anna, data, key: 'k', expiresAt: new Date(Date.now() + 300) };
  const a = await posthorn.send(input); await drain();
  await new Promise(r => setTimeout(r, 400));
  await show('E1', async () => (await posthorn.send(input)).repeated);
});
it('E3 map', async () => {
  const { posthorn } = await openSalon();
  await show('E3a', async () => (await posthorn.send({ template: 'booking', to: anna, key: 'm', data: { reservation: { startsAt: '2026-11-27T10:00' }, customer: new Map([['firstName','A']]) } as any })).preview);
  await show('E3b', async () => (await posthorn.send({ template: 'booking', to: anna, key: 'm', data: { reservation: { startsAt: '2026-11-27T10:00' }, customer: new Map([['firstName','B']]) } as any })).preview);
  await show('E3c', async () => (await posthorn.send({ template: 'booking', to: anna, key: 'm2', data: { reservation: { startsAt: '2026-11-27T10:00' }, customer: new URL('http://a') } as any })).preview);
});
it('E4 mutation', async () => {
  const { posthorn } = await openSalon();
  const d = { customer: { firstName: 'First' }, reservation: { startsAt: '2026-11-27T10:00' } };
  const to = [{ email: 'a@example.dk' }];
  const p = posthorn.send({ template: 'booking', to, data: d, key: 'mut' });
  d.customer.firstName = 'Second'; to.push({ email: 'b@example.dk' });
  await show('E4', async () => (await p).map((m: any) => [m.preview, m.to.address]));
});
it('E5 tx adhoc repeat', async () => {
  const { posthorn, database } = await openSalonInHostDatabase();
  database.exec('begin');
  const input = { email: { subject: 'Sub', text: 'Txt' }, to: anna, key: 'a', tx: database };
  const a = await posthorn.send(input);
  const b = await posthorn.send(input);
  console.log('E5', a.subject, a.preview, '|', b.subject, b.preview, b.repeated);
  await show('E5 other', async () => (await posthorn.send({ ...input, email: { subject: 'X', text: 'Y' } })).id);
  database.exec('commit');
});
it('E6 on/off', async () => {
  const { posthorn } = await openSalon();
  let n = 0; const f = () => { n++; };
  const s1 = posthorn.on('message.queued', f); posthorn.on('message.queued', f);
  s1();
  await posthorn.send({ template: 'booking', to: anna, data });
  console.log('E6 calls (want 1)', n);
  await show('E7a', () => typeof posthorn.on('message.bouncd' as any, f));
  await show('E7b', () => typeof posthorn.on('message.bounced', undefined as any));
  const b = posthorn.tenant('b'); const ab = posthorn.tenant('a b');
  await ab.identities.save({ key: 'x', channel: 'email', address: 'x@maane.dk' });
  let heard = 0; b.on('message.queued a' as any, () => { heard++; });
  await ab.send({ to: { email: 'q@example.dk' }, email: { subject: 's', text: 't' } });
  console.log('E7c cross-tenant heard', heard);
});
it('E8 locale', async () => {
  const { posthorn } = await openSalon();
  await posthorn.templates.save({ key: 'loc', locale: 'da', email: { subject: 'dansk', text: 'x' } } as any).catch((e) => console.log(e.message));
  await posthorn.templates.save({ key: 'loc', locale: 'en', email: { subject: 'english', text: 'x' } } as any).catch((e) => console.log(e.message));
  await show('E8', async () => { const m = await posthorn.send({ email: { subject: '{{ reservation.startsAt | date }}', text: 't' }, to: anna, data, locale: 'DA-dk' }); return [m.locale, m.subject]; });
});
it('E9 sendAt', async () => {
  const { posthorn } = await openSalon();
  for (const sendAt of ['9999-12-31T23:59', '+275760-09-13T00:00:00Z', new Date(8.64e15), '0001-01-01T00:00', 'tomorrow', '', '2026-11-27', '2027-03-28T02:30', '2026-10-25T02:30', '2026-02-30T10:00', '2026-11-27T24:00', '2026-11-27T10:00+25:00', '2026-11-27T10:00:60'])
    await show(`E9 ${sendAt instanceof Date ? 'maxdate' : sendAt}`, async () => { const m = await posthorn.send({ template: 'booking', to: anna, data, sendAt }); return [m.sendAt, m.status]; });
});
it('E10 close', async () => {
  const { posthorn } = await openSalon();
  const ps = Array.from({ length: 5 }, (_, i) => posthorn.send({ template: 'booking', to: [anna, { email: `a${i}@e.dk` }], data, key: `c${i}` }));
  const m = posthorn.messages.list();
  await posthorn.close();
  for (const r of await Promise.allSettled([...ps, m])) console.log('E10', r.status, r.status === 'rejected' ? [r.reason?.constructor?.name, r.reason?.code, r.reason?.message] : 'ok');
  await show('E10b', () => posthorn.start()); await show('E10c', () => posthorn.drain({ maxMs: 10 })); await show('E10d', () => posthorn.messages.get('x'));await show('E10e', () => posthorn.accounts.list());await show('E10f', () => posthorn.rotateSecrets());
});
it('E13 headers', async () => {
  const { posthorn } = await openSalon();
  for (const headers of [JSON.parse('{"__proto__":"x"}'), { 'X-A': '\ud800' }, { 'X-A': 'æ'.repeat(1990) }, { 'X-A': 'é\u202e' }, { constructor: 'x' }, { 'X-A': '' }, { 'X-A': ' ' }, { 'X A': 'x' }, { 'ＦＲＯＭ': 'x' }, { 'From ': 'x' }, { 'List-Unsubscribe': '<x>' }, { 'X-A': 'a\tb' }, {'Dkim-Signature': 'x'}])
    await show(`E13 ${JSON.stringify(headers).slice(0, 50)}`, async () => { const m = await posthorn.send({ template: 'booking', to: anna, data, headers }); return Object.keys((await posthorn.messages.rendered(m.id)).headers); });
});
it('E14 1000', async () => {
  const { posthorn } = await openSalon();
  const to = Array.from({ length: 1000 }, (_, n) => ({ email: `n${n}@example.dk` }));
  await posthorn.send({ template: 'booking', to: to.slice(0, 3), data });
  const h = monitorEventLoopDelay({ resolution: 1 }); h.enable();
  const t = performance.now();
  await posthorn.send({ template: 'booking', to, data, channel: { all: ['email', 'sms'] }, key: 'big' });
  console.log('E14 ms', performance.now() - t, 'p99', h.percentile(99) / 1e6, 'max', h.max / 1e6);
});
it('E16 spelled', async () => {
  const { posthorn } = await openSalon();
  await posthorn.suppressions.add({ email: 'jørgen@blåbær.dk' });
  await posthorn.suppressions.add({ email: 'anna.b@example.dk' });
  await posthorn.suppressions.add({ phone: '+4512345678' });
  for (const email of ['JØRGEN@BLÅBÆR.DK', 'jørgen@xn--blbr-roae.dk', 'jørgen@blåbær.dk'.normalize('NFD'), '"anna.b"@example.dk', '"a\\nna.b"@EXAMPLE.dk', 'anna.b@example。dk', 'anna.b@ｅxample.dk', 'anna.b+x@example.dk'])
    await show(`E16 ${email}`, async () => (await posthorn.send({ template: 'booking', to: { email }, data })).reason);
  for (const phone of ['0045 12 34 56 78', '+45(0)12345678', '+45 1234-5678', '+４５12345678'])
    await show(`E16 ${phone}`, async () => (await posthorn.send({ template: 'booking', channel: 'sms', to: { phone }, data })).reason);
});
