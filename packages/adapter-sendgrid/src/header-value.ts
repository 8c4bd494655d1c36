/** What one encoded word may hold: 75 characters less `=?utf-8?B?` and `?=`, in base64 (RFC 2047 section 2). */
const WORD_BYTES = 45;

/** SendGrid writes header values as they are given, so letters outside ASCII are encoded here (RFC 2047). */
export function encodeHeaderValue(value: string): string {
  if (/^\p{ASCII}*$/u.test(value)) return value;
  const words: string[] = [];
  let word = '';
  let bytes = 0;
  for (const character of value.toWellFormed()) {
    const size = Buffer.byteLength(character);
    if (bytes + size > WORD_BYTES) {
      words.push(word);
      word = '';
      bytes = 0;
    }
    word += character;
    bytes += size;
  }
  return [...words, word].map((text) => `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`).join(' ');
}
