import { it } from 'vitest';
import { DatabaseSync } from 'node:sqlite';
import { sqlite } from '@posthorn/backend-sqlite';
import { anna, openSalon } from './messages/salon.test-kit.ts';
import { recordingAdapter } from '@posthorn/testing';
import { z } from '../packages/core/node_modules/zod/index.js';
const data = { reservation: { startsAt: '2026-11-27T10:00' } };
const input = { template: 'booking', to: anna, data };
function own() {
  return { key: 'own', channel: 'email', settings: z.strictObject({ host: z.string(), password: z.string() }), secrets: ['password'], secretsGoTo: ['host'],
    open: () => ({ features: { maxBatch: 1, window: 1, attachments: true, reports: 'none', tracking: false }, send: async () => {}, verify: async () => ({ ok: true, message: '', steps: [] }), close: async () => {} }) } as any;
}
it('G4 remove race', async () => {
  const database = new DatabaseSync('/tmp/msgrev/h.db');
  const logs: any[] = []; const push = (...a: any[]) => { logs.push(a); };
  const { posthorn } = await openSalon({ backend: sqlite({ database }), log: { debug: () => {}, info: () => {}, warn: push, error: push } as any, adapters: [recordingAdapter({ channel: 'email' }), recordingAdapter({ channel: 'sms' }), own()] });
  for (let i = 0; i < 30; i++) {
    await posthorn.accounts.save({ key: 'srv', adapter: 'own', settings: { host: 'h', password: 'p' } });
    await posthorn.identities.save({ key: 'mine', channel: 'email', address: 'a@b.dk', account: 'srv' });
    const sending = posthorn.send({ ...input, identity: 'mine', to: Array.from({ length: 200 }, (_, n) => ({ email: `n${n}@example.dk` })) });
    await new Promise(r => setTimeout(r, i / 3));
    await posthorn.identities.save({ key: 'mine', channel: 'email', address: 'a@b.dk' });
    const removed = await posthorn.accounts.remove('srv').catch(e => e.code);
    await sending.catch(e => e.code);
    const n = database.prepare("select count(*) n from posthorn_deliveries where account='srv' and work='queued'").get() as any;
    if (removed === true && n.n > 0) { console.log('ORPHANS', i, n.n); 
      console.log(await Promise.race([posthorn.drain({ maxMs: 1500 }), new Promise(r => setTimeout(() => r('hang'), 4000))]), logs.slice(0, 4));
      const m = (await posthorn.messages.list({ limit: 1 })).items[0]; console.log(m?.status, m?.dueAt); return; }
    await posthorn.messages.cancel((await posthorn.messages.list({ limit: 500 })).items.map(x => x.id));
  }
});
