import { domainToASCII } from 'node:url';

/** The domain as the wire wants it (A-labels). What is ASCII already stays as it is, right or wrong. */
export function asciiDomain(address: string): string {
  const domain = domainOf(address);
  const ascii = isAscii(domain) ? domain : domainToASCII(domain) || domain;
  return `${address.slice(0, address.length - domain.length)}${ascii}`;
}

export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}

export function isAscii(text: string): boolean {
  return /^\p{ASCII}*$/u.test(text);
}
