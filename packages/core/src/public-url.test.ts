import { describe, expect, it } from 'vitest';
import { checkPublicUrl } from './public-url.ts';

describe('the public URL', () => {
  it.each([
    ['https://app.example.dk/messages', 'https://app.example.dk/messages'],
    ['https://app.example.dk/messages/', 'https://app.example.dk/messages'],
    ['https://app.example.dk', 'https://app.example.dk'],
    ['HTTPS://App.Example.DK:8443/a/b//', 'https://app.example.dk:8443/a/b'],
    ['https://sålon.example/beskeder', 'https://xn--slon-qoa.example/beskeder'],
    ['https://app.example.dk/meddelelser/å', 'https://app.example.dk/meddelelser/%C3%A5'],
    ['http://localhost:3000/messages', 'http://localhost:3000/messages'],
    ['http://salon.localhost:3000', 'http://salon.localhost:3000'],
    ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
    ['http://[::1]:3000', 'http://[::1]:3000'],
  ])('may be %s', (given, url) => {
    expect(checkPublicUrl(given)).toBe(url);
  });

  it('may be left out', () => {
    expect(checkPublicUrl(undefined)).toBeNull();
  });

  it.each([
    ['no URL', 'app.example.dk/messages'],
    ['nothing', ''],
    ['null', null],
    ['a URL object', new URL('https://app.example.dk')],
    ['a list', ['https://app.example.dk']],
    ['http that others reach', 'http://app.example.dk/messages'],
    ['http to a host that only looks like this machine', 'http://localhost.example.dk'],
    ['http to a host whose name begins like an address of this machine', 'http://127.0.0.1.example.dk'],
    ['another scheme', 'ftp://app.example.dk'],
    ['a script', 'javascript://localhost/%0aalert(1)'],
    ['a query', 'https://app.example.dk/messages?tenant=1'],
    ['an empty query', 'https://app.example.dk/messages?'],
    ['a fragment', 'https://app.example.dk/messages#top'],
    ['an empty fragment', 'https://app.example.dk/messages#'],
    ['a password', 'https://kim:secret@app.example.dk/messages'],
    ['quotes in its path', "https://app.example.dk/o'hara"],
    ['what a header takes for another address', 'https://app.example.dk/a,b'],
    ['an endless path', `https://app.example.dk/${'x'.repeat(200)}`],
  ])('is refused where it is %s', (_case, given) => {
    expect(() => checkPublicUrl(given)).toThrow(
      expect.objectContaining({
        code: 'invalid_input',
        path: 'publicUrl',
        message: expect.stringMatching(/^`publicUrl` /),
        advice: expect.any(String),
      }),
    );
  });
});
