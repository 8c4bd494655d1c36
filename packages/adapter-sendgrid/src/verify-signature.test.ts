import { generateKeyPairSync, sign } from 'node:crypto';
import { EventWebhook } from '@sendgrid/eventwebhook';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { settingsOf } from './account.test-kit.ts';
import { KEY, OTHER_KEY, type Post, publicKey, receive, shown, signed } from './event-post.test-kit.ts';

const RUNS = Number(process.env.SIGNATURE_RUNS ?? 500);
const official = new EventWebhook();

describe('a post is believed', () => {
  it("where this account's key has signed it, whatever it says, and SendGrid's own library agrees", async () => {
    await fc.assert(
      fc.asyncProperty(fc.json(), fc.nat(), async (body, time) => {
        const post = signed(body, String(time));
        const ours = (await receive(post, KEY)).status !== 'forged';
        expect(ours).toBe(true);
        const verify = (key: string) =>
          official.verifySignature(
            official.convertPublicKeyToECDSA(key),
            body,
            post.signature,
            post.timestamp,
          );
        expect(verify(KEY)).toBe(true);
        expect(verify(OTHER_KEY)).toBe(false);
        expect((await receive(post, OTHER_KEY)).status).toBe('forged');
      }),
      { numRuns: Math.ceil(RUNS / 20) },
    );
  });

  it('with the key in PEM form', async () => {
    const pem = publicKey.export({ format: 'pem', type: 'spki' }).toString();
    expect((await receive(signed('[]'), pem)).status).toBe('received');
  });

  it('however old it is: SendGrid repeats itself for a day, and what was told before changes nothing', async () => {
    expect((await receive(signed('[]', '1'), KEY)).status).toBe('received');
  });
});

describe('a post is forged', () => {
  const body = '[{"event":"delivered","email":"anna@example.com"}]\r\n';
  const post = findSigned((signature) => /[+/].*=$/.test(signature));

  /** A signature that the tests below can spoil. */
  function findSigned(fits: (signature: string) => boolean): Required<Post> {
    for (let time = 1_795_773_600; ; time += 1) {
      const found = signed(body, String(time));
      if (fits(found.signature)) return found;
    }
  }

  /** The last letter before the padding has bits that nobody reads. */
  function otherEnding(signature: string): string {
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
    return signature.replace(/(.)(=+)$/, (_, letter: string, padding: string) => {
      return `${letters[letters.indexOf(letter) + 1]}${padding}`;
    });
  }

  it('where one bit of body, time or signature is another', async () => {
    const flip = (text: string | Uint8Array, bit: number) => {
      const bytes = Buffer.from(text);
      const at = (bit >> 3) % bytes.length;
      bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
      return bytes;
    };
    const places = fc.constantFrom('body' as const, 'timestamp' as const, 'signature' as const);
    await fc.assert(
      fc.asyncProperty(places, fc.nat(), async (place, bit) => {
        const flipped = flip(post[place], bit);
        // What no header can hold arrives nowhere.
        fc.pre(place === 'body' || flipped.every((byte) => byte > 0x20 && byte < 0x7f));
        const text = place === 'body' ? flipped : flipped.toString('latin1');
        expect((await receive({ ...post, [place]: text }, KEY)).status).toBe('forged');
      }),
      { numRuns: RUNS },
    );
  });

  it('where one bit of the signature itself is another', async () => {
    const bytes = Buffer.from(post.signature, 'base64');
    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const flipped = Buffer.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect((await receive({ ...post, signature: flipped.toString('base64') }, KEY)).status).toBe('forged');
    }
  });

  const der = Buffer.from(post.signature, 'base64');
  const r = der.subarray(2, 4 + (der[3] ?? 0));
  const s = der.subarray(2 + r.length);
  const integer = (bytes: Buffer) => Buffer.concat([Buffer.alloc(32), bytes.subarray(2)]).subarray(-32);
  const sequence = (...parts: readonly Buffer[]) => {
    const content = Buffer.concat(parts);
    return Buffer.concat([Buffer.of(0x30, content.length), content]).toString('base64');
  };
  const padded = Buffer.concat([Buffer.of(0x02, r.length - 1, 0), r.subarray(2)]);

  it.each<[string, string | undefined]>([
    ['missing', undefined],
    ['empty', ''],
    ['no base64', 'certainly not'],
    ['truncated', post.signature.slice(0, -8)],
    ['followed by more', `${post.signature}AAAA`],
    ['followed by more within', Buffer.concat([der, Buffer.of(0)]).toString('base64')],
    ['ending in another letter for the same bytes', otherEnding(post.signature)],
    ['without padding', post.signature.replace(/=+$/, '')],
    ['in the alphabet of URLs', der.toString('base64url')],
    ['in base64 of base64', Buffer.from(post.signature).toString('base64')],
    ['hexadecimal', der.toString('hex')],
    ['with a blank in it', `${post.signature.slice(0, 10)} ${post.signature.slice(10)}`],
    ['sent twice', `${post.signature}, ${post.signature}`],
    ['in the form of browsers (r and s)', Buffer.concat([integer(r), integer(s)]).toString('base64')],
    ['of zeros', sequence(Buffer.of(2, 1, 0), Buffer.of(2, 1, 0))],
    ['with an integer that is longer than it need be', sequence(padded, s)],
    [
      'with a length that is longer than it need be',
      Buffer.concat([Buffer.of(0x30, 0x81), der.subarray(1)]).toString('base64'),
    ],
  ])('where the signature is %s', async (_how, signature) => {
    const { signature: _right, ...rest } = post;
    const spoiled = signature === undefined ? rest : { ...rest, signature };
    expect((await receive(spoiled, KEY)).status).toBe('forged');
  });

  it.each<[string, string | undefined, string]>([
    ['missing', undefined, body],
    ['missing, and stands in the body', undefined, `${post.timestamp}${body}`],
    ['empty', '', `${post.timestamp}${body}`],
    ['a part of the body', `${post.timestamp}[`, body.slice(1)],
    ['negative', `-${post.timestamp}`, body],
  ])('where its time is %s', async (_how, timestamp, text) => {
    const spoiled = {
      signature: post.signature,
      body: text,
      ...(timestamp === undefined ? {} : { timestamp }),
    };
    expect((await receive(spoiled, KEY)).status).toBe('forged');
  });

  it('where a part of its time is moved into the body, no list of events is left', async () => {
    // Time and body are signed as one.
    const moved = { timestamp: post.timestamp.slice(0, -1), body: `${post.timestamp.slice(-1)}${body}` };
    expect((await receive({ ...post, ...moved }, KEY)).status).toBe('malformed');
  });

  it('where another curve signed it', async () => {
    const other = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
    expect(() => settingsOf({ webhookPublicKey: shown(other.publicKey) })).toThrow();
    const content = Buffer.concat([Buffer.from(post.timestamp), Buffer.from(body)]);
    const signature = sign('sha256', content, other.privateKey).toString('base64');
    expect((await receive({ ...post, signature }, KEY)).status).toBe('forged');
  });
});
