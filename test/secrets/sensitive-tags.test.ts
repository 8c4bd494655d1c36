import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { expectRefused, openStoredSalon } from '../bad-input/stored-salon.test-kit.ts';
import { dumpOf, holdsInClear } from '../database.test-kit.ts';
import { listening, recordingLog } from './overheard.test-kit.ts';

const to = { email: 'anna@example.dk' };
const SECRET = 'xk-4711-hemmelig';
const data = { account: { password: SECRET } };
const adHoc = (html: string) => ({ to, email: { subject: 'Velkommen', html } });

/** Every way in which a template may come to show a tag. */
const ways: readonly (readonly [string, string])[] = [
  ['an output', '{{ account.password }}'],
  ['brackets', '{{ account["password"] }}'],
  ['a link', '<a href="https://example.dk/?p={{ account.password }}">x</a>'],
  ['a filter', '{{ account.password | upcase | downcase }}'],
  ['an appended text', '{{ "p: " | append: account.password }}'],
  ['a default', '{{ customer.firstName | default: account.password }}'],
  ['an assign', '{% assign p = account.password %}{{ p }}'],
  ['an assign of its group', '{% assign a = account %}{{ a.password }}'],
  ['two assigns', '{% assign a = account %}{% assign p = a.password %}{{ p }}'],
  ['an assign in a block', '{% if true %}{% assign p = account.password %}{% endif %}{{ p }}'],
  ['a capture', '{% capture p %}<b>{{ account.password }}</b>{% endcapture %}{{ p }}'],
  ['a branch', '{% unless customer.firstName %}{{ account.password }}{% endunless %}'],
  [
    'a loop over its letters',
    '{% assign l = account.password | split: "" %}{% for c in l %}{{ c }}{% endfor %}',
  ],
  ['a loop over it', '{% assign l = account.password | split: "," %}{% for p in l %}{{ p }}{% endfor %}'],
  ['a comparison', '{% if account.password contains "4711" %}it is xk-4711{% endif %}'],
  ['a case', '{% case account.password %}{% when "a" %}{% else %}{{ account.password }}{% endcase %}'],
  ['a snippet', '{% assign p = account.password %}{% render "secret" %}'],
  ['a cycle', '{% cycle account.password, "b" %}'],
  ['an echo', '{% echo account.password %}'],
  ['a Liquid block', '{% liquid\n assign p = account.password\n echo p\n%}'],
];

describe('a tag declared sensitive', () => {
  it.each(ways)('arrives, and is nowhere else in clear: %s', async (_, html) => {
    const log = recordingLog();
    const { posthorn, email, folder } = await openStoredSalon({ log });
    const heard = listening(posthorn);
    await posthorn.templates.save({ key: 'secret', snippet: { html: '{{ p }}', text: '{{ p }}' } });
    const saved = await posthorn.templates.save({ key: 'welcome', email: { subject: 'Velkommen', html } });
    expect(saved).toMatchObject({ sensitiveTags: ['account.password'] });
    const sent = await posthorn.send({ template: 'welcome', to, data, key: 'k-1' });
    const seen = async () => [
      sent,
      await posthorn.send({ template: 'welcome', to, data, key: 'k-1' }),
      await posthorn.messages.get(sent.id),
      await posthorn.messages.list(),
      await posthorn.messages.rendered(sent.id),
      await posthorn.messages.timeline(sent.id),
      await posthorn.preview({ template: 'welcome', to, data }),
      await posthorn.templates.get('welcome'),
    ];
    expect(JSON.stringify(await seen())).not.toContain(SECRET);
    expect(holdsInClear(folder, SECRET)).toBe(false);
    expect(holdsInClear(folder, 'Velkommen')).toBe(true);

    await posthorn.drain({ maxMs: 10_000 });
    expect(email.sent[0]?.html).toMatch(/xk-4711/);
    expect(JSON.stringify([await seen(), heard, log.lines])).not.toContain(SECRET);
    expect(holdsInClear(folder, SECRET)).toBe(false);
  });

  it('is masked in subject, text, SMS and inbox alike', async () => {
    const { posthorn, email, sms, folder, drain } = await openStoredSalon();
    const show = 'Kode: {{ account.password }}';
    await posthorn.templates.save({ key: 'all', email: { subject: show, text: show }, sms: { text: show } });
    const both = { email: 'anna@example.dk', phone: '+4512345678' };
    const sent = await posthorn.send({ template: 'all', to: both, channel: { all: ['email', 'sms'] }, data });
    await drain();
    expect(email.sent).toMatchObject([{ subject: `Kode: ${SECRET}`, text: `Kode: ${SECRET}` }]);
    expect(sms.sent).toMatchObject([{ text: `Kode: ${SECRET}` }]);
    const views = await Promise.all(
      sent.map(async ({ id }) => [await posthorn.messages.get(id), await posthorn.messages.rendered(id)]),
    );
    expect(JSON.stringify([sent, views])).not.toContain(SECRET);
    expect(JSON.stringify(views)).toContain('Kode: ');
    expect(holdsInClear(folder, SECRET)).toBe(false);
  });

  it('is not quoted by errors', async () => {
    const { posthorn, file } = await openStoredSalon();
    const refused = async (html: string, password: unknown) => {
      const call = () => posthorn.send({ ...adHoc(html), data: { account: { password } } as never });
      const error: unknown = await call().catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: expect.any(String) });
      const { message, issues, cause, stack } = error as Error & { issues: unknown };
      expect(JSON.stringify([message, issues, String(cause), stack])).not.toContain(SECRET);
    };
    await refused('{{ account.password }}', { toString: SECRET });
    await refused('{{ account.password }}', [SECRET]);
    await refused('{{ account.password | date }}', SECRET);
    await refused('{{ account.password | number }}', SECRET);
    await refused('{{ account.password | money: "DKK" }}', SECRET);
    await refused('{{ 1 | money: account.password }}', SECRET);
    await refused('{{ "2026-01-01" | date: account.password }}', SECRET);
    const long = () =>
      posthorn.send({
        to,
        email: { subject: '{{ account.password }}', text: 'T' },
        data: {
          account: { password: SECRET.repeat(10_000) },
        },
      });
    const error = await expectRefused(file, long, { code: 'template_limit', path: 'email.subject' });
    expect(error.message).not.toContain(SECRET);
  });

  it('of any value, and beside any other text, leaves no trace', async () => {
    const secret = fc
      .string({ unit: 'grapheme', minLength: 8, maxLength: 20 })
      .filter((text) => /^[^\p{C}\s]*$/u.test(text));
    const { posthorn, folder } = await openStoredSalon();
    await posthorn.templates.save({
      key: 'w',
      email: { subject: 'Hej', text: 'Kode {{ account.password }}.' },
    });
    await fc.assert(
      fc.asyncProperty(secret, async (password) => {
        const message = await posthorn.send({ template: 'w', to, data: { account: { password } } });
        const shown = JSON.stringify([message, await posthorn.messages.rendered(message.id)]);
        expect(shown).not.toContain(JSON.stringify(password).slice(1, -1));
        expect(holdsInClear(folder, password)).toBe(false);
        await posthorn.messages.cancel(message.id);
      }),
      { numRuns: 20 },
    );
  });
});

describe('the sealed value', () => {
  const sealedOf = (file: string) => dumpOf(file).posthorn_messages?.map((row) => row.sealed_slots !== null);

  it('is wiped once the message is done, however it ended', async () => {
    const { posthorn, email, file } = await openStoredSalon();
    email.answer('gone@example.dk', 'bounced');
    const welcome = (address: string) => ({
      ...adHoc('{{ account.password }}'),
      to: { email: address },
      data,
    });
    await posthorn.send({ ...welcome('anna@example.dk'), wait: 'accepted' });
    await posthorn.send({ ...welcome('gone@example.dk'), wait: 'accepted' });
    const canceled = await posthorn.send({
      ...welcome('c@example.dk'),
      sendAt: new Date(Date.now() + 60_000),
    });
    expect(sealedOf(file)).toEqual([false, false, true]);
    await posthorn.messages.cancel(canceled.id);
    await posthorn.suppressions.add({ email: 'blocked@example.dk' });
    await posthorn.send(welcome('blocked@example.dk'));
    expect(sealedOf(file)).toEqual([false, false, false, false]);
  });

  it('stays while the message is in doubt or tried again, and then is sent again', async () => {
    const { posthorn, email, file } = await openStoredSalon();
    email.answer('anna@example.dk', 'unknown');
    email.answer('bo@example.dk', 'greylisted');
    const input = { ...adHoc('{{ account.password }}'), data, wait: 'accepted' } as const;
    const doubtful = await posthorn.send(input);
    await posthorn.send({ ...input, to: { email: 'bo@example.dk' } });
    expect(sealedOf(file)).toEqual([true, true]);
    await posthorn.messages.resolve([doubtful.id], 'resend', { by: 'kim' });
    await posthorn.drain({ maxMs: 10_000 });
    expect(email.sent).toMatchObject([{ messageId: doubtful.id, html: SECRET }]);
    expect(sealedOf(file)).toEqual([false, true]);
  });

  it('once wiped has to be given again, or the message is not sent again', async () => {
    const { posthorn, email, drain, file, folder } = await openStoredSalon();
    const first = await posthorn.send({ ...adHoc('{{ account.password }}'), data, wait: 'accepted' });
    for (const input of [undefined, { version: 'same' as const }]) {
      await expectRefused(file, () => posthorn.messages.resend(first.id, input), {
        code: 'resend_needs_data',
        path: 'data',
      });
    }
    const again = await posthorn.messages.resend(first.id, {
      data: { account: { password: `new-${SECRET}` } },
    });
    await drain();
    expect(email.sent.at(-1)).toMatchObject({ messageId: again.id, html: `new-${SECRET}` });
    expect(holdsInClear(folder, SECRET)).toBe(false);
  });

  it('cannot be guessed back from what an idempotency key is compared by', async () => {
    const hashes = await Promise.all(
      [1, 2].map(async () => {
        const { posthorn, file } = await openStoredSalon();
        await posthorn.send({ ...adHoc('{{ account.password }}'), data, key: 'k-1' });
        return dumpOf(file).posthorn_keys?.[0]?.input_hash;
      }),
    );
    // Without the database's own key, nobody can try what a PIN gives.
    expect(hashes[0]).toEqual(expect.any(String));
    expect(hashes[0]).not.toBe(hashes[1]);
  });

  it('cannot be moved into another message', async () => {
    const { posthorn, email, file, drain } = await openStoredSalon();
    const one = await posthorn.send({ ...adHoc('{{ account.password }}'), data });
    const other = await posthorn.send({
      ...adHoc('{{ account.password }}'),
      to: { email: 'eve@example.dk' },
    });
    const { DatabaseSync } = await import('node:sqlite');
    const database = new DatabaseSync(file);
    database
      .prepare(
        'update posthorn_messages set sealed_slots = (select sealed_slots from posthorn_messages where id = ?) where id = ?',
      )
      .run(one.id, other.id);
    database.close();
    await drain();
    const arrived = email.handedOver.filter(({ to }) => to === 'eve@example.dk');
    expect(JSON.stringify(arrived)).not.toContain(SECRET);
  });
});
