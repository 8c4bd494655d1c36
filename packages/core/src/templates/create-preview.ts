import { z } from 'zod';
import { checkInput, inputErrorOf, lookupSchema } from '../check-input.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { ConfigurationError } from '../errors.ts';
import { resolveIdentity, type SendingIdentity } from '../identities/index.ts';
import type { AttachmentRef, Channel, CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import {
  type ParsedAddress,
  parseLocale,
  parseTimeZone,
  type Recipient,
  type ResolvedRecipient,
  readPhones,
  resolveRecipients,
} from '../recipients/index.ts';
import { exampleUnsubscribeUrl } from '../unsubscribe/index.ts';
import { checkAttachments } from './attachment.ts';
import { type RenderedContent, renderedContent } from './join-part.ts';
import { type ContentRequest, contentOf, type LoadedContent } from './load-content.ts';
import { pickSkeleton } from './pick-skeleton.ts';
import type { Preview, PreviewMessage, PreviewWarning } from './preview.ts';
import { type PreviewData, previewData } from './preview-data.ts';
import { previewSms } from './preview-sms.ts';
import { addressWarnings, contentWarnings } from './preview-warnings.ts';
import type { Reader } from './reader.ts';
import { renderSlots } from './render-slots.ts';
import type { ContentParts } from './template.ts';
import { attachmentOf } from './template-view.ts';

const previewSchema = z.strictObject({
  template: lookupSchema.optional(),
  version: z.int().min(1).optional(),
  email: z.unknown().optional(),
  sms: z.unknown().optional(),
  internal: z.unknown().optional(),
  channel: z.enum(['email', 'sms', 'internal']).optional(),
  to: z.unknown().optional(),
  data: z.unknown().optional(),
  locale: z
    .string()
    .refine((text) => parseLocale(text) !== undefined, 'is no locale such as "da-DK"')
    .optional(),
  timeZone: z
    .string()
    .refine((text) => parseTimeZone(text) !== undefined, 'is no time zone such as "Europe/Copenhagen"')
    .optional(),
  identity: lookupSchema.optional(),
  attachments: z.unknown().optional(),
});

type Asked = z.output<typeof previewSchema>;

/** Shows what recipients will see. */
export function createPreview<Tags extends TagCatalogue>(
  context: Context,
  scope: Scope,
): PreviewMessage<Tags> {
  return async (input) => {
    const asked = checkInput(previewSchema, input, 'preview');
    const files = checkAttachments(asked.attachments);
    const content = await contentOf(context, scope, requestOf(asked), files.refs);
    const opened = await context.open();
    const channel = asked.channel ?? onlyChannel(content);
    const recipient = await recipientOf(context, scope, asked.to);
    const reader: Reader = {
      locale: asked.locale ?? recipient?.locale ?? scope.locale,
      timeZone: asked.timeZone ?? recipient?.timeZone ?? scope.timeZone,
      now: context.clock.now(),
      unsubscribeUrl: exampleUnsubscribeUrl(context, channel),
    };
    const identity = await senderOf(
      context,
      opened,
      scope,
      channel,
      asked.identity,
      content.template?.identity ?? null,
    );
    const shown = previewData(recipient?.data ?? {}, asked.data, context.tags);
    const compiled = pickSkeleton(content.compiled, channel, reader.locale, scope.locale);
    const body = await show(context, compiled, shown, reader);
    const address = recipient === null ? null : await addressOf(context, scope, recipient, channel);
    const cost =
      channel === 'sms' && body.parts.text !== null
        ? await previewSms(context, opened, scope, identity, {
            to: address?.ok === true ? address.address : null,
            text: body.parts.text,
          })
        : { text: body.parts.text, sms: null, warnings: [] };
    return {
      channel,
      locale: reader.locale,
      timeZone: reader.timeZone,
      from: identity === null ? null : mailbox(identity.name, identity.address),
      to: toOf(recipient, address),
      ...body.parts,
      text: cost.text,
      attachments: attachmentsOf(compiled, channel, files.refs).map(attachmentOf),
      sms: cost.sms,
      warnings: [
        ...(recipient === null ? [] : await addressWarnings(opened, scope.tenant, channel, address)),
        ...(identity === null ? [noSender(channel)] : []),
        ...cost.warnings,
        ...body.warnings,
      ],
    };
  };
}

type Body = {
  readonly parts: Pick<Preview, 'subject' | 'html' | 'text'>;
  readonly warnings: readonly PreviewWarning[];
};

async function show(
  { tags }: Context,
  compiled: CompiledSkeleton | undefined,
  { data, areExamples }: PreviewData,
  reader: Reader,
): Promise<Body> {
  if (compiled === undefined) {
    const warning = { code: 'no_content', message: 'It has no part for this channel.' } as const;
    return { parts: { subject: null, html: null, text: null }, warnings: [warning] };
  }
  const slots = await renderSlots(compiled, { data, ...reader, tags });
  const parts = partsOf(renderedContent(compiled.skeleton, slots));
  const examples = { code: 'example_data', message: 'The values are examples: no data was given.' } as const;
  const warnings = await contentWarnings(compiled, parts, data, tags);
  return { parts, warnings: areExamples ? [examples, ...warnings] : warnings };
}

function partsOf(content: RenderedContent): Body['parts'] {
  switch (content.channel) {
    case 'email':
      return { subject: content.subject, html: content.html ?? null, text: content.text };
    case 'sms':
      return { subject: null, html: null, text: content.text };
    case 'internal':
      return { subject: content.title, html: null, text: content.body };
  }
}

function requestOf({ template, version, email, sms, internal }: Asked): ContentRequest {
  const parts = Object.entries({ email, sms, internal }).filter(([, part]) => part !== undefined);
  const [first] = parts;
  if (template !== undefined) {
    if (first === undefined) return { template, version };
    throw refused(first[0], 'cannot stand beside `template`: give one or the other');
  }
  if (version !== undefined) throw refused('version', 'belongs to a `template`, and there is none');
  if (first === undefined)
    throw refused('template', 'is missing, and so is content (`email`, `sms` or `internal`)');
  // What the parts are is checked where they are compiled.
  return Object.fromEntries(parts) as ContentParts;
}

function onlyChannel({ compiled }: LoadedContent): Channel {
  const channels = new Set(compiled.map(({ skeleton }) => skeleton.channel));
  const [only = 'email'] = channels;
  return channels.size === 1 ? only : 'email';
}

async function recipientOf(context: Context, scope: Scope, to: unknown): Promise<ResolvedRecipient | null> {
  if (to === undefined) return null;
  if (Array.isArray(to)) throw refused('to', 'must be one recipient');
  const [recipient = null] = await resolveRecipients(context, scope, to as Recipient);
  return recipient;
}

/** Null where the channel has no sender yet. A template's identity counts only where the channel has it. */
async function senderOf(
  context: Context,
  opened: Opened,
  scope: Scope,
  channel: Channel,
  asked: string | undefined,
  ofTemplate: string | null,
): Promise<SendingIdentity | null> {
  if (asked === undefined && ofTemplate !== null) {
    const own = await opened.store.identities.get(scope.tenant, channel, ofTemplate);
    if (own !== undefined) return own;
  }
  try {
    return await resolveIdentity(context, opened, scope, channel, asked ?? null);
  } catch (error) {
    if (error instanceof ConfigurationError && error.code === 'no_sender') return null;
    throw error;
  }
}

function noSender(channel: Channel): PreviewWarning {
  return { code: 'no_sender', message: `Nobody is named as the sender of ${channel} messages yet.` };
}

async function addressOf(
  context: Context,
  scope: Scope,
  recipient: ResolvedRecipient,
  channel: Channel,
): Promise<ParsedAddress | null> {
  if (channel === 'internal') return null;
  if (channel === 'email') return recipient.email;
  const [phone = null] = await readPhones(context, scope, [recipient]);
  return phone;
}

function toOf(recipient: ResolvedRecipient | null, address: ParsedAddress | null): Preview['to'] {
  if (recipient === null || address === null) return null;
  return mailbox(recipient.name, address.ok ? address.address : address.given);
}

function mailbox(name: string | null, address: string) {
  return name === null ? { address } : { name, address };
}

function attachmentsOf(
  compiled: CompiledSkeleton | undefined,
  channel: Channel,
  beside: readonly AttachmentRef[],
): readonly AttachmentRef[] {
  if (channel !== 'email') return [];
  return [...(compiled?.skeleton.channel === 'email' ? compiled.skeleton.attachments : []), ...beside];
}

function refused(path: string, message: string): Error {
  return inputErrorOf('preview', [{ path, message }]);
}
