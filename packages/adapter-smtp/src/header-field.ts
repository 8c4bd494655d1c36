import type { Mailbox } from '@posthorn/core';
import { isAscii } from './mail-address.ts';
import { Memo } from './memo.ts';
import type { MimeLibrary } from './mime-library.ts';

const FOLD_AT = 76;
/** RFC 5322 section 2.1.1. */
const LONGEST_LINE = 998;
/** The longest that an encoded word becomes, as nodemailer has it. */
const WORD = 52;

/** Printable ASCII, of which nodemailer encodes nothing but quotes and what looks like an encoded word. */
const PLAIN = /^ *[!#-~][ !#-~]*$/;
const PLAIN_NAME = /^[\w ]*$/;
/** Names that are encoded for their letters alone. */
const LETTERS = /^[\p{L}\p{M}\d]+(?:[ .'-]+[\p{L}\p{M}\d]+)*$/u;
/** Addresses that nodemailer writes as they are: nothing quoted, no capitals in the domain. */
const PLAIN_ADDRESS = /^[\w+-]+(?:\.[\w+-]+)*@(?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*$/;
/** Fields that nodemailer takes as they come. */
const WITHOUT_GRAMMAR = /^(?:subject$|message-id$|list-|x-)/i;

/** What all messages of a broadcast share (the sender, a fixed subject) is encoded once. */
const fields = new Memo<string>(500);
const spellings = new Memo<string>(100);
const LONGEST_REMEMBERED = 2000;

/** `Subject: See you soon`: encoded and folded, without the line break at its end; empty where nothing is to be said. */
export function textField(mime: MimeLibrary, name: string, text: string): string {
  const value = oneLine(text);
  const isPlain = PLAIN.test(value) && !value.includes('=?') && WITHOUT_GRAMMAR.test(name);
  const field = isPlain ? fold(mime, `${name}: ${value}`) : remembered(mime, name, value, value);
  // nodemailer leaves letters in a message's id as they are, which only international mail could carry.
  const isSound = isFolded(field) && (isPlain || isAscii(field));
  return isSound ? field : fold(mime, `${name}: ${mime.encodeWord(value, 'B', WORD)}`);
}

/** A field that came with the envelope, under its name in the usual spelling. */
export function extraField(mime: MimeLibrary, name: string, text: string): string {
  const spelling = spellings.get(name) ?? spellings.set(name, mime.spellingOf(name));
  return textField(mime, spelling, text);
}

/** `To: Anna <anna@customers.example>`: like `textField`. */
export function mailboxField(
  mime: MimeLibrary,
  name: string,
  { name: given = '', address }: Mailbox,
): string {
  const shown = oneLine(given);
  const phrase = PLAIN_ADDRESS.test(address) ? phraseOf(mime, shown) : undefined;
  const field =
    phrase === undefined
      ? remembered(mime, name, `${shown}\n${address}`, { name: shown, address })
      : fold(mime, `${name}: ${phrase === '' ? address : `${phrase} <${address}>`}`);
  if (isFolded(field)) return field;
  const angled = mime.node.encodeHeaderValue(name, { name: 'x', address }).slice('x '.length);
  return fold(mime, `${name}: ${mime.encodeWord(shown, 'Q', WORD)} ${angled}`);
}

/** A display name as nodemailer writes it, where that needs no look at what stands around it. */
function phraseOf(mime: MimeLibrary, name: string): string | undefined {
  if (PLAIN_NAME.test(name)) return name;
  if (!LETTERS.test(name) || isAscii(name)) return undefined;
  const latin = name.match(/[a-z]/gi)?.length ?? 0;
  const others = name.match(/[^\p{ASCII}]/gu)?.join('').length ?? 0;
  return mime.encodeWord(name, others < latin ? 'Q' : 'B', WORD);
}

/** Core refuses line breaks in headers; this is the last door. */
function oneLine(text: string): string {
  return /[\r\n]/.test(text) ? text.replace(/[\r\n]+/g, ' ') : text;
}

function fold(mime: MimeLibrary, line: string): string {
  return line.length < FOLD_AT ? line : mime.foldLines(line, FOLD_AT);
}

/**
 * Whether its lines are as RFC 5322 has them. nodemailer folds at blanks only, which leaves a word of a thousand
 * characters whole, and many blanks as a line of their own: to some readers the end of the header.
 */
function isFolded(field: string): boolean {
  if (field.length < FOLD_AT) return true;
  return field.split('\r\n').every((line) => line.length <= LONGEST_LINE && /[^ \t]/.test(line));
}

type FieldValue = string | { readonly name: string; readonly address: string };

function remembered(mime: MimeLibrary, name: string, content: string, value: FieldValue): string {
  if (content.length > LONGEST_REMEMBERED) return write(mime, name, value);
  const key = `${name}\n${content}`;
  return fields.get(key) ?? fields.set(key, write(mime, name, value));
}

/** As nodemailer writes it: nothing, where there is nothing but blanks. */
function write(mime: MimeLibrary, name: string, value: FieldValue): string {
  const encoded = mime.node.encodeHeaderValue(name, value);
  return encoded.trim() === '' ? '' : fold(mime, `${name}: ${encoded}`);
}
