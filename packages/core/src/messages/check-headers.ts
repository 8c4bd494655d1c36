import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';

const MAX_HEADERS = 50;
/** RFC 5322 section 2.1.1: no line is longer, name and colon included. A longer value is folded by the transport. */
const MAX_VALUE = 2000;
/** RFC 5322 section 2.2: printable US-ASCII without the colon. */
const NAME = /^[!-9;-~]{1,76}$/;
/** Anything that ends a line somewhere, and what no header may hold. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const FORBIDDEN = /[\u0000-\u0008\n-\u001f\u007f\u0085\u2028\u2029]/;

/** Fields that Posthorn or the servers on the way write, with the option of `send` that sets them, if there is one. */
const RESERVED: ReadonlyMap<string, string | null> = new Map([
  ['from', 'identity'],
  ['sender', 'identity'],
  ['reply-to', 'replyTo'],
  ['to', 'to'],
  ['cc', 'to'],
  ['bcc', 'to'],
  ['subject', 'email.subject'],
  ['date', null],
  ['message-id', null],
  ['return-path', null],
  ['received', null],
  ['dkim-signature', null],
  ['arc-seal', null],
  ['arc-message-signature', null],
  ['arc-authentication-results', null],
  ['authentication-results', null],
]);
const RESERVED_PREFIXES = ['content-', 'mime-', 'resent-', 'x-posthorn-'];

/**
 * Checks extra header fields of an email: names as RFC 5322 section 2.2 has them, values without line breaks, none of
 * the fields that are written by Posthorn.
 *
 * @throws InputError `header_injection` for a line break or control character in a name or value, `invalid_input` for
 * the rest.
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const names = Object.keys(headers);
  if (names.length > MAX_HEADERS)
    throw refused('headers', `There are more than ${MAX_HEADERS} header fields.`);
  const seen = new Set<string>();
  const checked: [string, string][] = [];
  for (const name of names) {
    const path = `headers[${quoted(name)}]`;
    checkHeaderText(name, path);
    const lower = name.toLowerCase();
    checkName(name, lower, path);
    if (seen.has(lower)) throw refused(path, `The header field ${quoted(name)} is given twice.`);
    seen.add(lower);
    const value = headers[name] ?? '';
    checkHeaderText(value, path);
    if (value.length > MAX_VALUE) throw refused(path, `Its value is longer than ${MAX_VALUE} characters.`);
    checked.push([name, value]);
  }
  return Object.fromEntries(checked);
}

/**
 * Refuses what could end a header field and begin another one.
 *
 * @throws InputError `header_injection`.
 */
export function checkHeaderText(text: string, path: string): void {
  if (!FORBIDDEN.test(text)) return;
  throw new InputError('header_injection', `${path} contains a line break or a control character.`, {
    path,
    advice: 'It becomes a header of the email: remove everything but printable text.',
  });
}

function checkName(name: string, lower: string, path: string): void {
  if (!NAME.test(name)) {
    throw refused(
      path,
      `${quoted(name)} is not the name of a header field.`,
      'Use printable ASCII without a colon.',
    );
  }
  const option = RESERVED.get(lower);
  if (option === undefined && !RESERVED_PREFIXES.some((prefix) => lower.startsWith(prefix))) return;
  const advice = typeof option === 'string' ? `Use \`${option}\` instead.` : 'Leave it out.';
  throw refused(path, `The header field ${quoted(name)} is written by Posthorn.`, advice);
}

function refused(path: string, message: string, advice?: string): InputError {
  return new InputError('invalid_input', message, { path, advice });
}
