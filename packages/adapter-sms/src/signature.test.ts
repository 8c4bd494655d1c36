import { signTwilioForm, signTwilioJson } from '@posthorn/testing';
import fc from 'fast-check';
import {
  getExpectedTwilioSignature,
  validateRequest,
  validateRequestWithBody,
} from 'twilio/lib/webhooks/webhooks.js';
import { describe, expect, it } from 'vitest';
import { type Form, isSignedForm, isSignedJson } from './signature.ts';

const RUNS = Number(process.env.SIGNATURE_RUNS ?? 300);
const TOKEN = '12345';

/** Of Twilio's page on security. */
const EXAMPLE = {
  url: 'https://mycompany.com/myapp.php?foo=1&bar=2',
  form: [
    ['CallSid', 'CA1234567890ABCDE'],
    ['Caller', '+14158675309'],
    ['Digits', '1234'],
    ['From', '+14158675309'],
    ['To', '+18005551212'],
  ] as Form,
  signature: 'RSOYDt4T1cUTdK1PDd93/VVr8B8=',
};

describe("the example of Twilio's documentation", () => {
  const { url, form, signature } = EXAMPLE;

  it('is signed', () => {
    expect(isSignedForm(TOKEN, signature, url, form)).toBe(true);
  });

  it('is signed in whatever order the parameters stand', () => {
    expect(isSignedForm(TOKEN, signature, url, form.toReversed())).toBe(true);
  });

  it('is signed with the port written or left out', () => {
    const withPort = url.replace('.com', '.com:443');
    expect(isSignedForm(TOKEN, signature, withPort, form)).toBe(true);
    const ofPort = getExpectedTwilioSignature(TOKEN, withPort, Object.fromEntries(form));
    expect(isSignedForm(TOKEN, ofPort, url, form)).toBe(true);
    expect(isSignedForm(TOKEN, ofPort, url.replace('https', 'http'), form)).toBe(false);
  });

  it.each([
    ['of another token', 'RSOYDt4T1cUTdK1PDd93/VVr8B8=', '12346'],
    ['missing', '', TOKEN],
    ['cut off', 'RSOYDt4T1cUTdK1PDd93/VVr8B8', TOKEN],
    ['with a blank', 'RSOYDt4T1cUTdK1PDd93/VVr8B8= ', TOKEN],
    ['in the alphabet of URLs', 'RSOYDt4T1cUTdK1PDd93_VVr8B8=', TOKEN],
    ['in hexadecimal', Buffer.from(signature, 'base64').toString('hex'), TOKEN],
    ['with other bits behind its end', 'RSOYDt4T1cUTdK1PDd93/VVr8B9=', TOKEN],
    ['twice', `${signature}, ${signature}`, TOKEN],
  ])('is forged with a signature that is %s', (_case, given, token) => {
    expect(isSignedForm(token, given, url, form)).toBe(false);
  });

  it('is forged once a bit of the URL, a parameter or the signature is another', () => {
    const flips = (text: string) =>
      [...text].flatMap((_, at) =>
        [0, 1, 2, 3, 4, 5, 6].map((bit) => {
          const bytes = Buffer.from(text);
          bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
          return bytes.toString();
        }),
      );
    for (const flipped of flips(url))
      expect(isSignedForm(TOKEN, signature, flipped, form), flipped).toBe(false);
    for (const flipped of flips(signature))
      expect(isSignedForm(TOKEN, flipped, url, form), flipped).toBe(false);
    form.forEach(([name, value], index) => {
      const changed = [
        ...flips(name).map((other) => [other, value] as const),
        ...flips(value).map((other) => [name, other] as const),
      ];
      for (const pair of changed)
        expect(isSignedForm(TOKEN, signature, url, form.with(index, pair)), pair.join('=')).toBe(false);
    });
  });
});

/** Names that objects have of themselves among them. */
const names = fc.oneof(
  fc.constantFrom(
    '__proto__',
    'constructor',
    'toString',
    'MessageSid',
    'MediaUrl',
    'a',
    'B',
    'å',
    '0',
    '10',
    '9',
  ),
  fc.string({ unit: 'binary' }),
);
const forms = fc.array(
  fc.tuple(names, fc.oneof(fc.constantFrom('', 'a', 'b', ' '), fc.string({ unit: 'binary' }))),
  {
    maxLength: 8,
  },
);
const hosts = fc.constantFrom(
  'https://app.example.dk',
  'http://localhost:3000',
  'https://app.example.dk:443',
  'http://a.b:80',
  'https://a.b:8443',
);
const urls = fc
  .tuple(hosts, fc.webPath(), fc.constantFrom('', '?token=abc123', '?a=1&a=2'))
  .map((parts) => parts.join(''));

/** As Express hands parameters over: several of one name as a list. */
function asObject(form: Form): Record<string, unknown> {
  const object: Record<string, unknown> = Object.create(null);
  for (const [name, value] of form) {
    const before = object[name];
    object[name] = before === undefined ? value : [before, value].flat();
  }
  return object;
}

describe("Twilio's own library", () => {
  it('signs what we take, names that stand several times and names of prototypes among them', () => {
    fc.assert(
      fc.property(urls, forms, (url, form) => {
        const signature = getExpectedTwilioSignature(TOKEN, url, asObject(form));
        expect(isSignedForm(TOKEN, signature, url, form)).toBe(
          validateRequest(TOKEN, signature, url, asObject(form)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('and the signature of one request is not that of another', () => {
    fc.assert(
      fc.property(urls, forms, urls, forms, (url, form, otherUrl, otherForm) => {
        // Its library reads both as one address; ours is told the address as it was called.
        fc.pre(new URL(url).href !== new URL(otherUrl).href || url === otherUrl);
        const signature = getExpectedTwilioSignature(TOKEN, url, asObject(form));
        expect(isSignedForm(TOKEN, signature, otherUrl, otherForm)).toBe(
          validateRequest(TOKEN, signature, otherUrl, asObject(otherForm)),
        );
      }),
      { numRuns: RUNS },
    );
  });

  it('takes what the test server signs', () => {
    const form: Form = [...EXAMPLE.form, ['MediaUrl', 'b'], ['MediaUrl', 'a'], ['MediaUrl', 'b']];
    const signed = signTwilioForm(TOKEN, EXAMPLE.url, form);
    const signature = signed.headers['x-twilio-signature'] ?? '';
    expect(validateRequest(TOKEN, signature, signed.url, asObject(form))).toBe(true);
    const json = signTwilioJson(TOKEN, EXAMPLE.url, { a: 'å' });
    expect(
      validateRequestWithBody(TOKEN, json.headers['x-twilio-signature'] ?? '', json.url, json.body),
    ).toBe(true);
  });
});

describe('a JSON body', () => {
  const { url, headers, body } = signTwilioJson(TOKEN, 'https://app.example.dk/webhooks/twilio', { a: 'å' });
  const signature = headers['x-twilio-signature'] ?? '';

  it('is signed by its hash in the URL', () => {
    expect(isSignedJson(TOKEN, signature, url, Buffer.from(body))).toBe(true);
  });

  it.each([
    ['another body', url, body.replace('a', 'b')],
    ['no body', url, ''],
    ['another hash', url.replace(/.$/, 'z'), body],
    ['no hash', url.replace(/\?.*/, ''), body],
  ])('is forged with %s', (_case, otherUrl, otherBody) => {
    expect(isSignedJson(TOKEN, signature, otherUrl, Buffer.from(otherBody))).toBe(false);
  });
});
