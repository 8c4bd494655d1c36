import type { classifyReply } from '@posthorn/core';
import type { ComposedMessage } from './compose-message.ts';
import { isAscii } from './mail-address.ts';

/** What a server said to EHLO, the one after STARTTLS where there were two. */
export interface Offer {
  /** Without parameters: `SIZE`. */
  readonly extensions: ReadonlySet<string>;
  /** In bytes; 0: no limit is known. */
  readonly maxSize: number;
}

type OwnRefusal = Parameters<typeof classifyReply>[0];

const TOO_LARGE: OwnRefusal = {
  code: 552,
  enhanced: '5.3.4',
  text: 'The message is larger than the server says it takes.',
  phase: 'mail',
};
const NOT_INTERNATIONAL: Readonly<Record<'sender' | 'recipient', OwnRefusal>> = {
  sender: {
    code: 553,
    enhanced: '5.1.7',
    text: 'The sender or reply address has letters outside ASCII, which cannot go this way (SMTPUTF8).',
    phase: 'mail',
  },
  recipient: {
    code: 553,
    enhanced: '5.6.7',
    text: 'The server takes no addresses with letters outside ASCII (SMTPUTF8).',
    phase: 'rcpt',
  },
};
/** What no server is asked about. */
export const NOT_WRITABLE: OwnRefusal = {
  code: 553,
  text: 'The address cannot be written in SMTP.',
  phase: 'rcpt',
};

/** What a client has to answer itself, as the server would: RFC 6531 section 3.6, RFC 1870 section 6.2. */
export function refusalOf(message: ComposedMessage, { extensions, maxSize }: Offer): OwnRefusal | undefined {
  const { from, to, international, bytes } = message;
  if (international !== null && !(extensions.has('SMTPUTF8') && isDeclared(message)))
    return NOT_INTERNATIONAL[international];
  if (maxSize > 0 && bytes.length > maxSize) return TOO_LARGE;
  return to !== '' && isWritable(from) && isWritable(to) ? undefined : NOT_WRITABLE;
}

/** Whether it stays an address when it is written into a command. */
export function isWritable(address: string): boolean {
  return !/[\p{Cc}<>]/u.test(address);
}

/** MAIL FROM with the parameters that the server understands. */
export function mailCommand(message: ComposedMessage, { extensions }: Offer): string {
  const { from, international, bytes } = message;
  let command = `MAIL FROM:<${from}>`;
  if (isDeclared(message)) command += ' SMTPUTF8';
  if (international !== null && extensions.has('8BITMIME')) command += ' BODY=8BITMIME';
  if (extensions.has('SIZE')) command += ` SIZE=${bytes.length}`;
  return command;
}

/** SMTPUTF8 is said with MAIL for addresses of the envelope, and only for these. */
function isDeclared({ from, to, international }: ComposedMessage): boolean {
  return international !== null && !(isAscii(from) && isAscii(to));
}
