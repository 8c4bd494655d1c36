import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { decodeCursor, encodeCursor, type Page } from '../cursor.ts';
import type { Channel, MessageFilter, OutcomeName, Work } from '../ports/index.ts';
import { checkEmailAddress, phonesOf } from '../recipients/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import type { Message } from './message.ts';
import { viewMessages } from './view-messages.ts';

/** Which messages are listed; all that is given must hold. */
export interface MessageListOptions {
  readonly channel?: Channel | undefined;
  /** Key of a template. */
  readonly template?: string | undefined;
  /** Id of a broadcast. */
  readonly broadcast?: string | undefined;
  /** One status or several; `queued` is a message without an outcome that waits. */
  readonly status?: OutcomeName | Work | readonly (OutcomeName | Work)[] | undefined;
  readonly recipient?: { readonly source: string; readonly id: string } | undefined;
  /** Email address or number; in whatever case and spelling, the same one is found. */
  readonly address?: string | undefined;
  /** Written at this time or later. */
  readonly createdFrom?: Date | undefined;
  /** Written before this time. */
  readonly createdBefore?: Date | undefined;
  /** From 1 to 500; 50 where nothing is said. */
  readonly limit?: number | undefined;
  /** `next` of the page before, with the same filter. */
  readonly cursor?: string | undefined;
}

const statusSchema = z.enum([
  'scheduled',
  'queued',
  'sending',
  'done',
  'skipped',
  'canceled',
  'expired',
  'accepted',
  'deferred',
  'delivered',
  'bounced',
  'rejected',
  'failed',
  'unknown',
]);

const optionsSchema = z.strictObject({
  channel: z.enum(['email', 'sms', 'internal']).optional(),
  template: z.string().optional(),
  broadcast: z.string().optional(),
  status: z.union([statusSchema, z.array(statusSchema).min(1).max(14)]).optional(),
  recipient: z.strictObject({ source: z.string(), id: z.string() }).optional(),
  address: z.string().max(1000).optional(),
  createdFrom: z.date().optional(),
  createdBefore: z.date().optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().optional(),
});

/** One page of messages, newest first. */
export async function listMessages(
  context: Context,
  scope: Scope,
  options: MessageListOptions = {},
): Promise<Page<Message>> {
  const { limit, cursor, ...fields } = checkInput(optionsSchema, options, 'list of messages');
  const opened = await context.open();
  const filter = await filterOf(context, opened, scope, fields);
  const bound = { list: 'messages', ...filter };
  const { store, keyring } = opened;
  const before = cursor === undefined ? undefined : await decodeCursor(keyring, scope.tenant, bound, cursor);
  // One more than asked for says whether there is another page.
  const rows = await store.messages.list(scope.tenant, filter, {
    limit: limit + 1,
    ...(before === undefined ? {} : { before }),
  });
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1)?.message : undefined;
  return {
    items: await viewMessages(store.content, scope, page),
    next: last === undefined ? null : await encodeCursor(keyring, scope.tenant, bound, last),
  };
}

type Fields = Omit<z.output<typeof optionsSchema>, 'limit' | 'cursor'>;

async function filterOf(
  context: Context,
  opened: Opened,
  scope: Scope,
  fields: Fields,
): Promise<MessageFilter> {
  const { status, address, createdFrom, createdBefore, ...others } = fields;
  return {
    ...others,
    status: typeof status === 'string' ? [status] : status,
    addressKey:
      address === undefined ? undefined : await keyOf(context, opened, scope, fields.channel, address),
    createdFrom: createdFrom?.getTime(),
    createdBefore: createdBefore?.getTime(),
  };
}

/** Without a channel, the address itself says what it is. */
async function keyOf(
  context: Context,
  opened: Opened,
  scope: Scope,
  channel: Channel | undefined,
  address: string,
): Promise<string> {
  const kind = (channel ?? (address.includes('@') ? 'email' : 'sms')) === 'email' ? 'email' : 'sms';
  const checked =
    kind === 'email'
      ? checkEmailAddress(address, 'address')
      : (await phonesOf(context, scope)).check(address, 'address');
  return addressKeyOf(opened, scope.tenant, kind, checked);
}
