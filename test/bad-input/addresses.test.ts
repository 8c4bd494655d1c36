import { smtp } from '@posthorn/adapter-smtp';
import { startSmtpTestServer } from '@posthorn/testing';
import { describe, expect, it, onTestFinished } from 'vitest';
import { expectRefused, openStoredSalon } from './stored-salon.test-kit.ts';

const content = { email: { subject: 'S', text: 'T' } };
const label = 'a'.repeat(63);

/** RFC 5321 section 4.5.3.1 and what people and programs make of addresses. */
const wrong: readonly (readonly [string, unknown])[] = [
  ['empty', ''],
  ['blank', '   '],
  ['missing', null],
  ['a number', 17],
  ['a list of one', ['a@example.dk']],
  ['a list within a text', '["a@example.dk","b@example.dk"]'],
  ['an object', { address: 'a@example.dk' }],
  ['two, with a comma', 'a@example.dk,b@example.dk'],
  ['two, with a semicolon', 'a@example.dk;b@example.dk'],
  ['two, with a space', 'a@example.dk b@example.dk'],
  ['a group', 'staff: a@example.dk;'],
  ['with its name', 'Anna <a@example.dk>'],
  ['in brackets', '<a@example.dk>'],
  ['a mailto link', 'mailto:a@example.dk'],
  ['a route', '@relay.example:a@example.dk'],
  ['a percent of a domain', 'a@example.dk%00'],
  ['no local part', '@example.dk'],
  ['no domain', 'a@'],
  ['an IP literal', 'a@[127.0.0.1]'],
  ['an IP number', 'a@127.0.0.1'],
  ['a domain of one word', 'a@intranet'],
  ['a dot too many', 'a..b@example.dk'],
  ['a dot in front', '.a@example.dk'],
  ['a dot at the end', 'a.@example.dk'],
  ['a dot at the end of the domain', 'a@example.dk.'],
  ['an underscore in the domain', 'a@ex_ample.dk'],
  ['a hyphen in front of a label', 'a@-example.dk'],
  ['a comment', 'a(home)@example.dk'],
  ['quotes that do not close', '"a@example.dk'],
  ['a bare quote in quotes', '"a"b"@example.dk'],
  ['65 octets of local part', `${'a'.repeat(65)}@example.dk`],
  ['33 letters of two octets', `${'æ'.repeat(33)}@example.dk`],
  ['a label of 64', `a@${'a'.repeat(64)}.dk`],
  ['a label of 64 after conversion', `a@${'æ'.repeat(60)}.dk`],
  ['255 octets', `${'a'.repeat(64)}@${label}.${label}.${'a'.repeat(60)}.dk`],
  ['a megabyte', `${'a'.repeat(1_000_000)}@example.dk`],
  ['a megabyte of dots', `a@${'a.'.repeat(500_000)}dk`],
  ['a megabyte of at signs', '@'.repeat(1_000_000)],
  ['a zero-width space', 'a\u200b@example.dk'],
  ['turned text', 'a\u202e@example.dk'],
  ['half a character', 'a\ud800@example.dk'],
  ['a full-width at', 'a\uff20example.dk'],
];

/** Right ones, and what the server is told. */
const right: readonly (readonly [string, string, string])[] = [
  ['64 octets before the @', `${'a'.repeat(64)}@example.dk`, `${'a'.repeat(64)}@example.dk`],
  ['254 octets', ...same(`${'a'.repeat(64)}@${label}.${label}.${'a'.repeat(58)}.dk`)],
  ['an international domain', 'anna@blåbærgrød.dk', 'anna@xn--blbrgrd-fxak7p.dk'],
  ['its full-width dot', 'anna@blåbær\u3002dk', 'anna@xn--blbr-roah.dk'],
  ['an international local part', ...same('æble@example.dk')],
  ['all that an atom may hold', ...same("a!#$%&'*+/=?^_`{|}~-z@example.dk")],
  ['a quoted space', ...same('"anna maria"@example.dk')],
  ['a quoted at', ...same('"a@b"@example.dk')],
  ['a quoted comma', ...same('"a,b"@example.dk')],
  ['quoted quotes', ...same('"a\\"b\\\\"@example.dk')],
];

function same(address: string): [string, string] {
  return [address, address];
}

describe('an address that is none is refused', () => {
  it.each(wrong)('as recipient, reply-to and sender: %s', async (_, email) => {
    const { posthorn, file } = await openStoredSalon();
    const address = email as string;
    const refusal = (path: string) => ({ code: 'invalid_address', path });
    const isText = typeof email === 'string';
    await expectRefused(
      file,
      () => posthorn.send({ ...content, to: { email: address } }),
      refusal('to.email'),
    );
    const error = await expectRefused(
      file,
      () => posthorn.send({ ...content, to: { email: 'a@b.dk' }, replyTo: address }),
      refusal('replyTo'),
    );
    // An address of a megabyte is not said again.
    expect(error.message.length).toBeLessThan(1_000);
    await expectRefused(file, () => posthorn.suppressions.add({ email: address }), refusal('email'));
    await expectRefused(
      file,
      () => posthorn.identities.save({ key: 'x', channel: 'email', address }),
      isText ? refusal('address') : { code: 'invalid_input', path: 'address' },
    );
  });
});

describe('an address that is one', () => {
  it.each(right)('arrives as it is: %s', async (_, address, told) => {
    const server = await startSmtpTestServer({ extensions: ['SMTPUTF8', '8BITMIME'] });
    onTestFinished(() => server.close());
    const platform = {
      host: '127.0.0.1',
      port: server.port,
      security: 'none',
      authentication: 'none',
    } as const;
    const { posthorn } = await openStoredSalon({ adapters: [smtp(platform)] });
    const message = await posthorn.send({ ...content, to: { email: address }, wait: 'accepted' });
    expect(message).toMatchObject({ status: 'accepted' });
    expect(server.taken.map((taken) => taken.to)).toEqual([[told]]);
    expect(server.steps.filter(({ verb }) => verb === 'RCPT')).toHaveLength(1);
  });

  it.each(['"a>b"@example.dk', '"a> RET=FULL <b"@example.dk'])(
    'and that could break out of its brackets stays within them: %s',
    async (address) => {
      const server = await startSmtpTestServer();
      onTestFinished(() => server.close());
      const platform = {
        host: '127.0.0.1',
        port: server.port,
        security: 'none',
        authentication: 'none',
      } as const;
      const { posthorn } = await openStoredSalon({ adapters: [smtp(platform)] });
      const message = await posthorn.send({ ...content, to: { email: address }, wait: 'accepted' });
      const lines = server.steps.filter(({ verb }) => verb === 'RCPT').map(({ line }) => line);
      expect([[], [`RCPT TO:<${address}>`]]).toContainEqual(lines);
      expect(message.status).toBe(lines.length === 0 ? 'bounced' : 'accepted');
    },
  );
});
