import { dirname, join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { describe, expect, it } from 'vitest';
import { dumpOf, holdsInClear, openFolder } from '../database.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';

const everybody = { source: 'customers', where: { combinator: 'and', rules: [] } };
const PASSWORD = 'hunter2-and-some-more';
const secretLetter = {
  channel: 'email',
  to: everybody,
  email: { subject: 'Velkommen', text: 'Din kode er {{ account.password }}' },
  data: { account: { password: PASSWORD } },
} as const;

async function openFileSalon() {
  const file = join(openFolder(), 'messages.db');
  const salon = await openSalon({ backend: sqlite(file) });
  const broadcastRow = () => dumpOf(file).posthorn_broadcasts?.[0];
  return { ...salon, file, folder: dirname(file), broadcastRow };
}

describe('secret data of a broadcast', () => {
  it('is sealed while the plan waits, wiped once the list is complete, and arrives', async () => {
    const { posthorn, folder, email, drain, broadcastRow } = await openFileSalon();
    const { id } = await posthorn.broadcasts.plan(secretLetter);
    expect(broadcastRow()).toMatchObject({ state: 'planned', sealed_data: expect.any(String) });
    expect(holdsInClear(folder, PASSWORD)).toBe(false);
    await posthorn.broadcasts.start(id);
    await drain();
    expect(email.sent.map(({ text }) => text)).toEqual(Array(2).fill(`Din kode er ${PASSWORD}`));
    expect(broadcastRow()).toMatchObject({ state: 'sending', sealed_data: null });
    expect(holdsInClear(folder, PASSWORD)).toBe(false);
  });

  it('is wiped when the plan is canceled', async () => {
    const { posthorn, broadcastRow } = await openFileSalon();
    const { id } = await posthorn.broadcasts.plan(secretLetter);
    await posthorn.broadcasts.cancel(id);
    expect(broadcastRow()).toMatchObject({ state: 'canceled', sealed_data: null });
  });

  it('is shown by nothing that can be asked', async () => {
    const { posthorn, drain } = await openFileSalon();
    const plan = await posthorn.broadcasts.plan(secretLetter);
    const broadcast = await posthorn.broadcasts.start(plan.id);
    await drain();
    const said: unknown[] = [plan, broadcast, await posthorn.broadcasts.list()];
    for await (const progress of broadcast.progress()) said.push(progress);
    for (const { id } of (await posthorn.messages.list({ broadcast: plan.id })).items) {
      said.push(await posthorn.messages.rendered(id), await posthorn.messages.timeline(id));
    }
    expect(JSON.stringify(said)).not.toContain(PASSWORD);
    expect(said.length).toBeGreaterThan(8);
  });

  it('does not keep a key from being changed', async () => {
    const { posthorn, drain, email } = await openFileSalon();
    const { id } = await posthorn.broadcasts.plan(secretLetter);
    await posthorn.rotateSecrets();
    await posthorn.broadcasts.start(id);
    await drain();
    expect(email.sent).toHaveLength(2);
  });
});

describe('an ad-hoc letter with attachments', () => {
  it('is stored once, and arrives whole', async () => {
    const { posthorn, file, email, drain } = await openFileSalon();
    const content = new TextEncoder().encode('BEGIN:VCALENDAR');
    const { id } = await posthorn.broadcasts.plan({
      channel: 'email',
      to: everybody,
      email: { subject: 'Storm', html: '<p>Vi lukker</p>' },
      attachments: [{ filename: 'lukket.ics', content }],
    });
    content.fill(0);
    expect(dumpOf(file).posthorn_messages).toEqual([]);
    await posthorn.broadcasts.start(id);
    await drain();
    expect(email.sent).toHaveLength(2);
    for (const { attachments } of email.sent) {
      expect(attachments.map(({ filename }) => filename)).toEqual(['lukket.ics']);
      expect(new TextDecoder().decode(attachments[0]?.content)).toBe('BEGIN:VCALENDAR');
    }
    expect(await posthorn.broadcasts.get(id)).toMatchObject({ template: null, status: 'finished' });
  });
});

describe('every email of a broadcast', () => {
  it('is bulk mail: by its header and its link one can unsubscribe', async () => {
    const { posthorn, email, drain } = await openSalon({ publicUrl: 'https://app.example.dk/messages' });
    const { id } = await posthorn.broadcasts.plan({
      channel: 'email',
      to: everybody,
      email: { subject: 'Storm', html: '<a href="{{ unsubscribe.url }}">Afmeld</a>' },
    });
    await posthorn.broadcasts.start(id);
    await drain();
    const links = email.sent.map(({ headers }) => headers['List-Unsubscribe']);
    expect(links).toHaveLength(2);
    expect(new Set(links).size, 'each has its own').toBe(2);
    for (const { headers, html } of email.sent) {
      const [, link = ''] =
        /^<(https:\/\/app\.example\.dk\/messages\/[^>]+)>/.exec(headers['List-Unsubscribe'] ?? '') ?? [];
      expect(link).not.toBe('');
      expect(headers['List-Unsubscribe-Post']).toBe('List-Unsubscribe=One-Click');
      expect(html).toContain(`href="${link}"`);
    }
  });
});
