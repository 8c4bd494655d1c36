import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** Names and values of a form, in order; a name may stand several times. */
export type Form = readonly (readonly [name: string, value: string])[];

/**
 * Whether Twilio has signed a form: HMAC-SHA1 over the URL and, by name, every parameter
 * (https://www.twilio.com/docs/usage/security#validating-requests). Twilio's servers do not agree whether the port belongs
 * to the URL, so both are tried, as its own libraries do.
 */
export function isSignedForm(token: string, signature: string, url: string, form: Form): boolean {
  const parameters = parametersOf(form);
  return urlsOf(url)
    .map((candidate) => isEqual(signature, sign(token, candidate + parameters)))
    .includes(true);
}

/** The same of a JSON body, which the URL vouches for: its `bodySHA256` is the body's hash. */
export function isSignedJson(token: string, signature: string, url: string, body: Uint8Array): boolean {
  const claimed = URL.parse(url)?.searchParams.get('bodySHA256') ?? '';
  const isSameBody = isEqual(claimed, createHash('sha256').update(body).digest('hex'));
  return isSignedForm(token, signature, url, []) && isSameBody;
}

function sign(token: string, text: string): string {
  return createHmac('sha1', token).update(text).digest('base64');
}

/** As text, so that another spelling of the same bytes is another signature. */
function isEqual(given: string, right: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** Sorted by name; the values of one name sorted, each once. */
function parametersOf(form: Form): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of form) values.set(name, (values.get(name) ?? new Set()).add(value));
  return [...values.keys()]
    .sort()
    .map((name) =>
      [...(values.get(name) ?? [])]
        .sort()
        .map((value) => name + value)
        .join(''),
    )
    .join('');
}

const URL_PARTS = /^(https?:\/\/)([^/?#]*?)(:\d+)?(?=$|[/?#])/i;

/** Without a port, and with it: its own, or the scheme's. */
function urlsOf(url: string): readonly string[] {
  const [whole = '', scheme = '', host = '', port] = URL_PARTS.exec(url) ?? [];
  const rest = url.slice(whole.length);
  const usual = scheme.toLowerCase() === 'https://' ? ':443' : ':80';
  return [scheme + host + rest, scheme + host + (port ?? usual) + rest];
}
