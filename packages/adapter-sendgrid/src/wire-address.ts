import { domainToASCII } from 'node:url';

/** The address with its domain as A-labels: what SendGrid takes. Letters in front of it are for SendGrid to judge. */
export function wireAddress(address: string): string {
  if (/^\p{ASCII}*$/u.test(address)) return address;
  const at = address.lastIndexOf('@') + 1;
  const domain = address.slice(at);
  return address.slice(0, at) + (domainToASCII(domain) || domain);
}
