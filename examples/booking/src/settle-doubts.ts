import type { MailServer } from './mail-server.ts';
import type { Messaging } from './messaging.ts';

/**
 * Some messages are in doubt: the line was cut, or this process killed, after they were handed over and before the server
 * answered. Nothing sends them again by itself. Kim at the salon looks into the mail server's journal and decides.
 */
export async function settleDoubts(posthorn: Messaging, server: MailServer): Promise<Doubts> {
  const arrived = new Set(server.accepted());
  const ids = await inDoubt(posthorn);
  const sent = ids.filter((id) => arrived.has(id));
  const lost = ids.filter((id) => !arrived.has(id));
  if (sent.length > 0) await posthorn.messages.resolve(sent, 'accepted', { by: 'kim' });
  if (lost.length > 0) await posthorn.messages.resolve(lost, 'resend', { by: 'kim' });
  return { sent, lost };
}

export interface Doubts {
  /** They had arrived after all. */
  readonly sent: readonly string[];
  /** They had not, and are sent again. */
  readonly lost: readonly string[];
}

async function inDoubt(posthorn: Messaging): Promise<readonly string[]> {
  const ids: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await posthorn.messages.list({ status: ['unknown'], limit: 500, cursor });
    ids.push(...page.items.map(({ id }) => id));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
  return ids;
}
