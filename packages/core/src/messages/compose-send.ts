import type { Context, Opened, Scope } from '../context.ts';
import type { EnqueueBatch } from '../ports/index.ts';
import type { ResolvedRecipient } from '../recipients/index.ts';
import { contentOf } from '../templates/index.ts';
import { buildRows } from './build-rows.ts';
import type { CheckedSend } from './check-send.ts';
import { composeDrafts } from './compose-drafts.ts';
import type { Draft } from './draft.ts';
import { prepareSend } from './prepare-send.ts';
import type { Had } from './recipient-cap.ts';
import { recipientLimits } from './recipient-limits.ts';
import type { Idempotency } from './repeat-send.ts';
import { type ContentLookup, contentInHand } from './view-messages.ts';

/** Everything that one send writes, and the content it is shown with. */
interface ComposedSend {
  readonly batch: EnqueueBatch;
  readonly lookup: ContentLookup;
}

/** From a checked call to rows, ready to be written: all that can be wrong with it is found here. */
export async function composeSend(
  context: Context,
  opened: Opened,
  scope: Scope,
  send: CheckedSend,
  recipients: readonly ResolvedRecipient[],
  idempotency: Idempotency | null,
  had: Had,
): Promise<ComposedSend> {
  const { files } = send;
  const content = await contentOf(context, scope, send.content, files.refs);
  const said = { ...content, identity: content.template?.identity ?? null };
  const prepared = await prepareSend(context, opened, scope, said, {
    channels: send.channels,
    identity: send.identity,
    data: send.data,
    locale: send.locale,
    timeZone: send.timeZone,
    headers: send.headers,
    replyTo: send.replyTo,
    attachments: files.refs,
    times: send.times,
    key: send.key ?? null,
    broadcast: null,
  });
  const drafts = await composeDrafts(context, opened, scope, prepared, recipients, {
    signal: send.signal,
    unfit: 'throw',
    had,
  });
  return {
    batch: {
      tenant: scope.tenant,
      key: idempotency,
      // A group in which nobody is: all that is written down is that the key was used.
      content: content.isNew === null || drafts.length === 0 ? [] : [content.isNew],
      files: carriedFiles(files.files, drafts),
      ...buildRows(context, drafts),
      limits: recipientLimits(drafts),
      now: prepared.composition.now,
    },
    lookup: contentInHand(content.version, content.compiled),
  };
}

/** Files that no message carries, as none of them is an email, are not stored. */
function carriedFiles(files: EnqueueBatch['files'], drafts: readonly Draft[]): EnqueueBatch['files'] {
  return drafts.some(({ message }) => message.attachments.length > 0) ? files : [];
}
