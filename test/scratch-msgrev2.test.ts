import { expect, it, vi } from 'vitest';
import { anna, bo, openSalon, openSalonInHostDatabase, CUSTOMERS } from './messages/salon.test-kit.ts';
import { recordingAdapter } from '@posthorn/testing';
import { z } from '../packages/core/node_modules/zod';

const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const input = { template: 'booking', to: anna, data };
const show = async (name: string, p: () => unknown) => {
  try { console.log(name, '=>', JSON.stringify(await p())); } catch (e: any) { console.log(name, 'THROWS', e?.constructor?.name, e?.code, e?.message); }
};
function own(hooks: any) {
  return { key: 'own', channel: 'email', settings: z.strictObject({ host: z.string(), password: z.string() }), secrets: ['password'], secretsGoTo: ['host'],
    open: () => ({ features: { maxBatch: 1, window: 1, attachments: true, reports: 'none', tracking: false }, send: async () => {}, verify: hooks.verify, close: async () => {} }) } as any;
}
const creds = { status: 'refused', retryable: false, failure: { category: 'credentials', fault: 'sender' } } as any;
it('F1 pause by hand while saving', async () => {
  let inVerify: (() => Promise<void>) | undefined;
  const { posthorn } = await openSalon({ adapters: [recordingAdapter({ channel: 'email' }), recordingAdapter({ channel: 'sms' }), own({ verify: async () => { await inVerify?.(); return { ok: true, message: 'ok', steps: [] }; } })] });
  const acc = { key: 'srv', adapter: 'own', settings: { host: 'h', password: 'p' } };
  await posthorn.accounts.save(acc);
  const [, p] = await Promise.all([posthorn.accounts.save({ ...acc, label: 'x' }), posthorn.accounts.pause('srv')]);
  console.log('F1 pause answered', p.paused?.reason, 'now', (await posthorn.accounts.get('srv'))?.paused);
});
it('F3 mime verify throws', async () => {
  const email = recordingAdapter({ channel: 'email' });
  const { posthorn } = await openSalon({ adapters: [email, recordingAdapter({ channel: 'sms' }), own({ verify: async () => { throw new Error('boom hunter2'); } })] });
  await posthorn.accounts.save({ key: 'srv', adapter: 'own', settings: { host: 'h', password: 'p' } });
  await show('F3 verify', () => posthorn.accounts.verify('srv'));
});
it('F4 key: tx and no tx at once', async () => {
  const { posthorn, database, drain, email } = await openSalonInHostDatabase();
  database.exec('begin');
  const a = await posthorn.send({ ...input, key: 'k', tx: database });
  const other = show('F4 outside', async () => (await posthorn.send({ ...input, key: 'k' })).repeated);
  await new Promise(r => setTimeout(r, 200));
  database.exec('rollback');
  await other;
  await drain(); console.log('F4 sent', email.sent.length);
});
it('F5 resend of one that waits', async () => {
  const { posthorn, email, drain } = await openSalon();
  const m = await posthorn.send({ ...input, sendAt: new Date(Date.now() + 1e6), key: 'x' });
  const r = await posthorn.messages.resend(m.id);
  console.log('F5', r.warnings, r.status, r.key);
  const sup = await posthorn.messages.timeline(m.id, { locale: 'da' });
  console.log(sup.map(e => `${e.title}: ${e.sentence}`));
});
it('F6 cancel during sending then unknown then resend', async () => {
  const { posthorn, email, drain } = await openSalon();
  email.answer('anna@example.dk', 'unknown');
  const open = email.open.bind(email); const ans: any[] = []; let n = 0;
  email.open = (s: any, r: any) => { const t = open(s, r); const send = t.send.bind(t); return Object.assign(t, { async send(b: any, o: any) { if (n++ === 0) ans.push(...await posthorn.messages.cancel(b.map((x: any) => x.messageId))); await send(b, o); } }); };
  const m = await posthorn.send({ ...input, wait: 'accepted' });
  console.log('F6', m.status, ans);
  const heard: string[] = [];
  for (const e of ['queued','requeued','accepted','canceled','unknown'] as const) posthorn.on(`message.${e}` as any, () => heard.push(e));
  await posthorn.messages.resolve([m.id], 'resend', { by: 'kim' });
  email.answer('anna@example.dk', 'accepted');
  await drain();
  console.log('F6', (await posthorn.messages.get(m.id))?.status, heard);
  console.log((await posthorn.messages.timeline(m.id, { locale: 'en' })).map(e => `${e.attempt} ${e.title}: ${e.sentence}`));
  await show('F6 dup ids', () => posthorn.messages.resolve([m.id, m.id], 'accepted', { by: 'x' }));
  await show('F6 concurrent', async () => { });
});
it('F7 two resolve at once', async () => {
  const { posthorn, email, drain } = await openSalon();
  email.answer('anna@example.dk', 'unknown');
  const m = await posthorn.send({ ...input, wait: 'accepted' });
  const rs = await Promise.allSettled([posthorn.messages.resolve([m.id], 'resend', { by: 'a' }), posthorn.messages.resolve([m.id], 'accepted', { by: 'b' }), posthorn.messages.cancel(m.id)]);
  console.log('F7', rs.map(r => r.status + ' ' + ((r as any).reason?.code ?? (r as any).value)), (await posthorn.messages.get(m.id))?.status);
});
it('F8 abort', async () => {
  const { posthorn } = await openSalon();
  for (let i = 0; i < 60; i++) {
    const c = new AbortController();
    const p = posthorn.send({ ...input, to: [anna, bo], signal: c.signal, key: `ab${i}` });
    let k = i; const tick = () => { if (k-- <= 0) c.abort(new Error('mine')); else queueMicrotask(tick); }; tick();
    const before = (await posthorn.messages.list({ limit: 500 })).items.length;
    const r = await p.then(() => 'ok', e => e.message);
    const after = (await posthorn.messages.list({ limit: 500 })).items.filter(x => x.key === `ab${i}`).length;
    if ((r === 'ok') !== (after === 2)) console.log('F8 MISMATCH', i, r, after);
  }
});
it('F9 prototype names', async () => {
  const { posthorn } = await openSalon();
  for (const k of ['__proto__', 'constructor', 'toString']) {
    await show(`F9 tmpl ${k}`, () => posthorn.send({ ...input, template: k }));
    await show(`F9 id ${k}`, () => posthorn.send({ ...input, identity: k }));
    await show(`F9 src ${k}`, () => posthorn.send({ ...input, to: { source: k, id: 'x' } }));
    await show(`F9 rid ${k}`, () => posthorn.send({ ...input, to: { source: 'customers', id: k } }));
    await show(`F9 key ${k}`, async () => (await posthorn.send({ ...input, key: k })).key);
    await show(`F9 ident ${k}`, async () => (await posthorn.identities.save({ key: k, channel: 'email', address: 'x@y.dk' })).key);
    await show(`F9 identity obj ${k}`, async () => (await posthorn.send({ ...input, identity: JSON.parse(`{"${k}":"x"}`) })).key);
    await show(`F9 tenant ${k}`, async () => (await posthorn.tenant(k).messages.list()).items.length);
    await show(`F9 acct ${k}`, async () => (await posthorn.accounts.save({ key: 'q', adapter: k, settings: {} })).key);
  }
  await show('F9 tenant null', () => posthorn.tenant('x', null as any));
  await show('F9 cancel', () => posthorn.messages.cancel(null as any));
  await show('F9 cancel2', () => posthorn.messages.cancel([null] as any));
  await show('F9 tl', () => posthorn.messages.timeline('x', null as any));
  await show('F9 list', () => posthorn.messages.list(null as any));
  await show('F9 pause', () => posthorn.accounts.pause('x', null as any));
  await show('F9 on', () => posthorn.suppressions.list(null as any));
  await show('F9 drain', () => posthorn.drain(null as any));
  await show('F9 tl2', async () => posthorn.messages.timeline((await posthorn.send(input)).id, { locale: 'zz-Unknown' }));
});
it('F10 nothing', async () => {
  const { posthorn, drain } = await openSalon();
  const seen: string[] = [];
  for (const e of ['queued','accepted','skipped','canceled','scheduled'] as const) posthorn.on(`message.${e}`, ({ message }) => seen.push(`${e}:${message.key}`));
  await posthorn.start();
  await Promise.all(Array.from({ length: 20 }, (_, i) => posthorn.send({ ...input, key: `o${i}`, wait: 'accepted' })));
  for (let i = 0; i < 20; i++) if (seen.indexOf(`queued:o${i}`) === -1 || seen.indexOf(`queued:o${i}`) > seen.indexOf(`accepted:o${i}`)) console.log('F10 ORDER', i, seen);
});
