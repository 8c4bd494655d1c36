/** As RFC 2045 section 6.7 has it. */
export function decodeQuotedPrintable(encoded: string): Buffer {
  const octets = encoded
    .replace(/=(?:\r\n|$)/g, '')
    .replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(octets, 'latin1');
}
