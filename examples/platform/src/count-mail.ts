import type { Tenant } from './platform.ts';
import type { ListedMessage } from './visitor.ts';

/** What a process that is killed may have in doubt: four messages for each of the five connections to a mail server. */
export const WINDOW = 20;

/** What became of a company's messages: Posthorn's word beside that of the mail server. */
export interface MailCount {
  readonly messages: number;
  readonly confirmations: number;
  readonly news: number;
  /** Handed over by a process that was killed before it was answered. Nobody sends them again without being asked to. */
  readonly inDoubt: number;
  /** Taken more than once. */
  readonly twice: number;
  /** Not in doubt, and the mail server has never seen them. */
  readonly missing: number;
  /** Taken by this company's mail server, and not this company's. */
  readonly strangers: number;
}

export function countMail(
  { company, server }: Pick<Tenant, 'company' | 'server'>,
  messages: readonly ListedMessage[],
): MailCount {
  const own = new Set(messages.map(({ id }) => id));
  const arrived = new Set(server.taken.map(({ message }) => message));
  const inDoubt = messages.filter(({ status }) => status === 'unknown');
  const sure = messages.filter(({ status }) => status === 'accepted');
  return {
    messages: messages.length,
    confirmations: messages.filter(({ broadcast }) => broadcast === null).length,
    news: messages.filter(({ broadcast }) => broadcast !== null).length,
    inDoubt: inDoubt.length,
    twice: server.taken.length - arrived.size,
    missing: messages.length - inDoubt.length - sure.filter(({ id }) => arrived.has(id)).length,
    strangers: server.taken.filter(({ from, message }) => from !== company.address || !own.has(message))
      .length,
  };
}

/** Everybody was written to once, and whoever is in doubt is within the window of the one process that was killed. */
export function isRight({ twice, missing, strangers, inDoubt }: MailCount): boolean {
  return twice === 0 && missing === 0 && strangers === 0 && inDoubt <= WINDOW;
}
