import { createHash, type KeyObject, verify } from 'node:crypto';

/** Verifies a message's DKIM signature as a receiver does: RFC 6376, rsa-sha256, relaxed/relaxed. Throws, or answers its tags. */
export function verifyDkim(message: Buffer, publicKey: KeyObject): ReadonlyMap<string, string> {
  const source = message.toString('latin1');
  const end = source.indexOf('\r\n\r\n');
  const fields = source.slice(0, end).split(/\r\n(?![ \t])/);
  const signature = fields.find((field) => nameOf(field) === 'dkim-signature');
  if (signature === undefined) throw new Error('No signature.');
  const tags = tagsOf(signature);
  if (tags.get('a') !== 'rsa-sha256' || tags.get('c') !== 'relaxed/relaxed')
    throw new Error('Signed otherwise.');

  const hash = createHash('sha256')
    .update(relaxedBody(source.slice(end + 4)), 'latin1')
    .digest('base64');
  if (hash !== tags.get('bh')) throw new Error('The body is another.');

  const signed = signedFields(fields, (tags.get('h') ?? '').toLowerCase().split(':'));
  // Its own field ends the input, without its value of `b` and without a line break (section 3.7).
  const own = relaxedField(signature.replace(/([;\s]b=)[^;]*/, '$1'));
  const input = Buffer.from(
    `${signed.map((field) => `${relaxedField(field)}\r\n`).join('')}${own}`,
    'latin1',
  );
  if (!verify('RSA-SHA256', input, publicKey, Buffer.from(tags.get('b') ?? '', 'base64'))) {
    throw new Error('The signature does not fit.');
  }
  return tags;
}

/** From the bottom up where a name comes more than once (section 5.4.2). */
function signedFields(fields: readonly string[], names: readonly string[]): readonly string[] {
  const left = [...fields];
  return names.flatMap((name) => {
    const at = left.findLastIndex((field) => nameOf(field) === name.trim());
    return at === -1 ? [] : left.splice(at, 1);
  });
}

function nameOf(field: string): string {
  return field.slice(0, field.indexOf(':')).trim().toLowerCase();
}

function tagsOf(field: string): ReadonlyMap<string, string> {
  const list = field.slice(field.indexOf(':') + 1).split(';');
  return new Map(
    list.flatMap((tag) => {
      const [, name, value] = /^\s*(\w+)\s*=(.*)$/s.exec(tag) ?? [];
      return name === undefined || value === undefined ? [] : [[name, value.replace(/\s+/g, '')] as const];
    }),
  );
}

/** Section 3.4.2. */
function relaxedField(field: string): string {
  const value = field.slice(field.indexOf(':') + 1);
  return `${nameOf(field)}:${value
    .replaceAll('\r\n', '')
    .replace(/[ \t]+/g, ' ')
    .trim()}`;
}

/** Section 3.4.4. */
function relaxedBody(body: string): string {
  const relaxed = body
    .replace(/[ \t]+/g, ' ')
    .replace(/ \r\n/g, '\r\n')
    .replace(/(\r\n)+$/, '');
  return relaxed === '' ? '' : `${relaxed}\r\n`;
}
