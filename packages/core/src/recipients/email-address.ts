// Our own parser, as no kept library answers what we need: all limits of RFC 5321 with quoted and internationalised
// local parts, one mailbox only (address-list parsers accept several, and groups: that is how an injection gets in),
// and a reason that a person understands.
import { domainToASCII, domainToUnicode } from 'node:url';
import { quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import { type ParsedAddress, refuseAddress } from './parsed-address.ts';

/** RFC 5321, sections 4.5.3.1.1 to 4.5.3.1.3, in octets; the path's 256 include the angle brackets. */
const MAX_LOCAL = 64;
const MAX_DOMAIN = 255;
const MAX_ADDRESS = 254;
/** RFC 1035, section 2.3.4. */
const MAX_LABEL = 63;

/** RFC 5321 `Atom` (RFC 5322 `atext`), with RFC 6531's UTF8-non-ascii as far as it can be seen. */
const ATOM = /^(?:[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]|[^\p{ASCII}])+$/u;
/** RFC 5321 `QcontentSMTP`: qtextSMTP and quoted-pairSMTP. */
const QUOTED_CONTENT = /^(?:[ !#-[\]-~]|\\[ -~]|[^\p{ASCII}])+$/u;
/** Control and format characters, other scripts' spaces, line separators, halves of characters: never meant. */
const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]|[^\P{Zs} ]/u;
/** What nearly every address is, in one look: dotted atoms, a host name, an ending of letters. */
const PLAIN =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}$/;
const ASCII_LABEL = /^[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?$/;

/**
 * Reads one email address (RFC 5321 `Mailbox`; RFC 6531 for other scripts). An international domain is answered in its
 * canonical Unicode form, everything else as it was given.
 *
 * Refused though the RFC knows them: IP literals (`anna@[192.0.2.1]`), which providers do not take, and domains of a
 * single label (`anna@gmail`), which are slips; `localhost` is let through.
 */
export function parseEmail(given: unknown): ParsedAddress {
  if (typeof given !== 'string') return refuseAddress(given, 'it is not a text');
  if (isPlain(given)) return { ok: true, address: given };
  const reason = obviousFault(given);
  if (reason !== undefined) return refuseAddress(given, reason);
  const { local, domain } = split(given);
  const localFault = faultOfLocal(local) ?? faultOfLocal(comparedLocal(local));
  if (localFault !== undefined) return refuseAddress(given, localFault);
  const parsed = parseDomain(domain);
  if (!parsed.ok) return refuseAddress(given, parsed.reason);
  const localOctets = Math.max(Buffer.byteLength(local), Buffer.byteLength(comparedLocal(local)));
  const octets = localOctets + 1 + parsed.ascii.length;
  if (octets > MAX_ADDRESS) return refuseAddress(given, `it is longer than ${MAX_ADDRESS} octets`);
  return { ok: true, address: `${local}@${parsed.shown}` };
}

/**
 * The address, checked.
 *
 * @throws InputError `invalid_address` with the path.
 */
export function checkEmailAddress(given: unknown, path: string): string {
  const parsed = parseEmail(given);
  if (parsed.ok) return parsed.address;
  throw new InputError(
    'invalid_address',
    `${quoted(parsed.given)} is not an email address: ${parsed.reason}.`,
    {
      path,
      advice: 'Give one address as `name@example.com`.',
    },
  );
}

/**
 * The form in which addresses are compared: local part lower-cased and without needless quotes, domain as A-labels. RFC
 * 5321 lets a server tell `Anna@` from `anna@`, but none that matters does, and a person who may not be written to
 * must not be reached through a capital letter. Dots and `+tags` are left: their meaning is each provider's own.
 */
export function normaliseEmail(address: string): string {
  if (isPlain(address)) return address.toLowerCase();
  const { local, domain } = split(checkEmailAddress(address, 'address'));
  const parsed = parseDomain(domain);
  const ascii = parsed.ok ? parsed.ascii : domain;
  return `${comparedLocal(local)}@${ascii.toLowerCase()}`;
}

/** Nothing in it is to be found out: it is its own canonical form but for capital letters. */
function isPlain(text: string): boolean {
  return text.length <= MAX_ADDRESS && text.lastIndexOf('@') <= MAX_LOCAL && PLAIN.test(text);
}

/** It has to be a local part as well: normalised, U+037E is a semicolon, and some small letters are longer. */
function comparedLocal(local: string): string {
  // Folded first: what "<" and a stroke become needs no quotes.
  return folded(withoutQuotes(folded(local)));
}

function folded(text: string): string {
  return text.normalize('NFC').toLowerCase().normalize('NFC');
}

function obviousFault(text: string): string | undefined {
  if (text === '') return 'it is empty';
  // Before any expression runs over it. An IDN in UTF-8 may be longer than its A-labels, but never by this much.
  if (text.length > 2 * MAX_ADDRESS) return `it is longer than ${MAX_ADDRESS} octets`;
  if (/[\r\n]/.test(text)) return 'it holds a line break';
  if (UNSEEN.test(text)) return 'it holds a character that cannot be seen';
  if (text.trim() !== text) return 'it begins or ends with a space';
  if (!text.includes('@')) return 'it has no "@"';
  if (/<.*>$/.test(text)) return 'it holds a display name, which goes into `name`';
  return undefined;
}

/** At the last `@`: a domain has none, a quoted local part may. */
function split(text: string): { local: string; domain: string } {
  const at = text.lastIndexOf('@');
  return { local: text.slice(0, at), domain: text.slice(at + 1) };
}

function faultOfLocal(local: string): string | undefined {
  if (local === '') return 'nothing stands before the "@"';
  if (Buffer.byteLength(local) > MAX_LOCAL)
    return `the part before the "@" is longer than ${MAX_LOCAL} octets`;
  if (local.startsWith('"')) {
    const whole = local.length > 2 && local.endsWith('"') && QUOTED_CONTENT.test(local.slice(1, -1));
    return whole ? undefined : 'the quotes before the "@" are not closed, or hold what they may not';
  }
  if (/[,;]/.test(local)) return 'it holds several addresses, or a comma';
  const atoms = local.split('.');
  if (atoms.includes('')) return 'a dot stands first, last or twice before the "@"';
  return atoms.every((atom) => ATOM.test(atom)) ? undefined : 'the part before the "@" holds what it may not';
}

type ParsedDomain =
  | { readonly ok: true; readonly ascii: string; readonly shown: string }
  | { readonly ok: false; readonly reason: string };

function parseDomain(domain: string): ParsedDomain {
  if (domain === '') return fault('nothing stands after the "@"');
  if (domain.startsWith('[')) return fault('an IP address in brackets is no domain that providers send to');
  if (domain.startsWith('.') || domain.endsWith('.') || domain.includes('..')) {
    return fault('a dot stands first, last or twice in the domain');
  }
  const international = /[^\p{ASCII}]/u.test(domain);
  // Only letters, digits, hyphens and dots may reach the conversion: it would also decode "%41" and read numbers as IPv4.
  if (!/^(?:[A-Za-z0-9.-]|[^\p{ASCII}])+$/u.test(domain)) return fault('the domain holds what it may not');
  const ascii = international ? domainToASCII(domain) : domain;
  if (ascii === '') return fault('the domain is no valid international name');
  const reason = faultOfAscii(ascii);
  if (reason !== undefined) return fault(reason);
  return { ok: true, ascii, shown: international ? domainToUnicode(ascii) : domain };
}

function faultOfAscii(ascii: string): string | undefined {
  if (ascii.length > MAX_DOMAIN) return `the domain is longer than ${MAX_DOMAIN} octets`;
  const labels = ascii.split('.');
  if (labels.some((label) => label.length > MAX_LABEL))
    return `a part of the domain is longer than ${MAX_LABEL}`;
  if (!labels.every((label) => ASCII_LABEL.test(label))) return 'the domain holds what it may not';
  if (labels.length === 1 && ascii.toLowerCase() !== 'localhost')
    return 'the domain has no ending such as ".com"';
  // RFC 3696, section 2: a top-level domain is not all digits.
  return /^\d+$/.test(labels.at(-1) ?? '') ? 'the domain ends in a number' : undefined;
}

/** RFC 5321, section 4.1.2: quotes that nothing needs change nothing. */
function withoutQuotes(local: string): string {
  if (!local.startsWith('"')) return local;
  const content = local.slice(1, -1).replace(/\\(.)/gsu, '$1');
  if (content.split('.').every((atom) => ATOM.test(atom))) return content;
  return `"${content.replace(/["\\]/g, '\\$&')}"`;
}

function fault(reason: string): ParsedDomain {
  return { ok: false, reason };
}
