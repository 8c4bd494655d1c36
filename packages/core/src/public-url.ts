import { ConfigurationError } from './errors.ts';

/** As `URL` writes it: nothing in it has a meaning in a header, in HTML or in the middle of a text. */
const PLAIN_URL = /^https?:\/\/[a-z0-9.:[\]-]+\/[\w.~%/-]*$/;
/** So that a line of the header with the longest token stays within RFC 5322's 998 characters. */
const MAX_LENGTH = 160;
const THIS_MACHINE = /^(localhost|.+\.localhost|127(\.\d+){3}|\[::1\])$/;

/**
 * The address under which Posthorn's own pages are reached, without a slash at its end; null where none is given.
 *
 * @throws ConfigurationError `invalid_input` where a link cannot begin with it.
 */
export function checkPublicUrl(given: unknown): string | null {
  if (given === undefined) return null;
  const url = typeof given === 'string' ? parse(given) : null;
  if (url === null || !PLAIN_URL.test(url.href) || /[?#]/.test(String(given))) {
    throw wrong(
      'is no address that links can begin with',
      'Give scheme, host and path, and nothing behind them: "https://app.example.dk/messages".',
    );
  }
  if (url.protocol === 'http:' && !THIS_MACHINE.test(url.hostname)) {
    throw wrong('must begin with https', 'Mail programs unsubscribe over https only; http is for localhost.');
  }
  const text = url.href.replace(/\/+$/, '');
  if (text.length > MAX_LENGTH) throw wrong(`is longer than ${MAX_LENGTH} characters`, 'Shorten its path.');
  return text;
}

function parse(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function wrong(problem: string, advice: string): ConfigurationError {
  return new ConfigurationError('invalid_input', `\`publicUrl\` ${problem}.`, { path: 'publicUrl', advice });
}
