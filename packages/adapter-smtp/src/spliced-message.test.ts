import type { EmailEnvelope } from '@posthorn/core';
import { emailEnvelope } from '@posthorn/testing';
import fc from 'fast-check';
import { simpleParser } from 'mailparser';
import PostalMime, { decodeWords } from 'postal-mime';
import { expect, it } from 'vitest';
import { composeMessage } from './compose-message.ts';
import { anyEnvelope } from './envelope-arbitrary.test-kit.ts';
import { referenceMessage } from './reference-message.test-kit.ts';
import { smtpSettings } from './settings.ts';

/**
 * How many messages are tried. To try more, or to repeat a run:
 * `SPLICE_RUNS=100000 SPLICE_SEED=1 npx vitest run packages/adapter-smtp/src/spliced-message.test.ts`
 */
const RUNS = Number(process.env.SPLICE_RUNS ?? 300);
const SEED = process.env.SPLICE_SEED;
const parameters = { numRuns: RUNS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) };
const TIMEOUT_MS = 20_000 + RUNS * 50;

const settings = smtpSettings.parse({ host: 'smtp.example', authentication: 'none' });
const compose = async (envelope: EmailEnvelope) => await composeMessage(envelope, settings);

const BOUNDARY = /boundary="([^"]*)"/g;
const boundaries = [...(await compose(emailEnvelope())).bytes.toString().matchAll(BOUNDARY)].map(
  ([, boundary]) => boundary ?? '',
);
const lookAlikes = boundaries.flatMap((boundary) => [
  `--${boundary}`,
  `\n--${boundary}--\n`,
  `\r\n--${boundary}\r\n`,
]);

it('reads as the message that nodemailer builds, whoever reads it', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvelope(lookAlikes), async (envelope) => {
      const { bytes } = await compose(envelope);
      const reference = await referenceMessage(envelope);
      for (const read of [readByMailparser, readByPostalMime]) {
        const [ours, theirs] = [await read(bytes), await read(reference)];
        expect(ours.content).toEqual(theirs.content);
        if (isLegal(headerOf(reference))) expect(ours.header).toEqual(theirs.header);
      }
    }),
    parameters,
  );
});

it('has the very header that nodemailer writes', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvelope(), async (envelope) => {
      const reference = headerOf(await referenceMessage(envelope));
      if (isLegal(reference)) expect(headerOf((await compose(envelope)).bytes)).toBe(reference);
    }),
    parameters,
  );
});

it('is made of whole short lines of ASCII, the same at every attempt', { timeout: TIMEOUT_MS }, async () => {
  await fc.assert(
    fc.asyncProperty(anyEnvelope(lookAlikes), async (envelope) => {
      const { bytes, international } = await compose(envelope);
      const source = bytes.toString();
      const lines = source.split('\r\n');
      expect(lines.filter((line) => /[\r\n]/.test(line) || Buffer.byteLength(line) > 998)).toEqual([]);
      expect(lines.at(-1)).toBe('');
      expect(lines.filter((line) => /^[ \t]+$/.test(line))).toEqual([]);
      if (international === null) expect(source).toMatch(/^[\t\r\n -~]*$/);
      expect(withoutPartHeaders(source).filter((line) => line.length > 76)).toEqual([]);
      const again = await compose({ ...envelope, attempt: 2, skeleton: structuredClone(envelope.skeleton) });
      expect(again.bytes.equals(bytes)).toBe(true);
    }),
    parameters,
  );
});

function headerOf(message: Buffer): string {
  const source = message.toString();
  return source.slice(0, source.indexOf('\r\n\r\n')).replace(BOUNDARY, 'boundary="…"');
}

/** nodemailer leaves words whole that are too long for a line, and many blanks as a line; then the header is ours alone. */
function isLegal(header: string): boolean {
  return header.split('\r\n').every((line) => line.length <= 998 && !/^[ \t]+$/.test(line));
}

/** The lines of the body, but for the fields of its parts: the name of a file is a word that nobody can fold. */
function withoutPartHeaders(source: string): readonly string[] {
  const body = source.slice(source.indexOf('\r\n\r\n') + 4);
  return body.replace(/^(--[^\r\n]*=_[^\r\n]*)\r\n(?:[^\r\n]+\r\n)+/gm, '$1\r\n').split('\r\n');
}

async function readByMailparser(message: Buffer) {
  const { text, html, textAsHtml, attachments, headers, headerLines, ...header } =
    await simpleParser(message);
  return {
    header: [header, [...headers].filter(([name]) => name !== 'content-type')],
    content: [text, html, textAsHtml, attachments.map(({ headers: _, ...file }) => file)],
  };
}

async function readByPostalMime(message: Buffer) {
  const { text, html, attachments, headers, headerLines, ...header } = await PostalMime.parse(message, {
    attachmentEncoding: 'base64',
  });
  // The values of fields come undecoded; what the addresses say is in `header`.
  const others = headers.filter(({ key }) => !/^(?:content-type|from|to|reply-to)$/.test(key));
  return {
    header: [header, others.map(({ key, value }) => [key, decodeWords(value)])],
    content: [text, html, attachments],
  };
}
