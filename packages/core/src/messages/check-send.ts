import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import { InputError } from '../errors.ts';
import type { Channel } from '../ports/index.ts';
import { checkEmailAddress, parseLocale, parseTimeZone } from '../recipients/index.ts';
import { type CheckedAttachments, type ContentParts, checkAttachments } from '../templates/index.ts';
import { checkHeaders } from './check-headers.ts';
import { copyInput } from './copy-input.ts';
import { readTimes, type SendTimes } from './send-time.ts';

/** The most recipients of one send: each is rendered before the first is written. */
export const MAX_RECIPIENTS = 1000;

const channelSchema = z.enum(['email', 'sms', 'internal']);
const channelsSchema = z.array(channelSchema).min(1, 'names no channel').max(3);
const keySchema = z
  .string()
  .min(1, 'is empty')
  .max(255, 'is longer than 255 characters')
  // Databases write halves of characters (Cs) all alike, so two keys would be one.
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'holds a control character, or half of a character');
const timeSchema = z.union([z.date(), z.string()], 'must be a Date or ISO 8601 text');
const localeSchema = z
  .string()
  .refine((text) => parseLocale(text) !== undefined, 'is no locale such as "da-DK"')
  .transform((text) => parseLocale(text) ?? text);
const timeZoneSchema = z
  .string()
  .refine((text) => parseTimeZone(text) !== undefined, 'is no time zone such as "Europe/Copenhagen"');

/** What other rooms check stands here as unknown: content, data, recipients, attachments. */
const sendSchema = z.strictObject({
  to: z.unknown(),
  template: z.string().optional(),
  version: z.int().min(1).optional(),
  email: z.unknown().optional(),
  sms: z.unknown().optional(),
  internal: z.unknown().optional(),
  channel: z.union([channelSchema, channelsSchema, z.strictObject({ all: channelsSchema })]).optional(),
  data: z.unknown().optional(),
  identity: z
    .union([
      z.string(),
      z.strictObject({
        email: z.string().optional(),
        sms: z.string().optional(),
        internal: z.string().optional(),
      }),
    ])
    .optional(),
  locale: localeSchema.optional(),
  timeZone: timeZoneSchema.optional(),
  headers: z.record(z.string(), z.string()).optional(),
  replyTo: z.unknown().optional(),
  attachments: z.unknown().optional(),
  sendAt: timeSchema.optional(),
  expiresAt: timeSchema.optional(),
  key: keySchema.optional(),
  tx: z.unknown().optional(),
  wait: z.literal('accepted').optional(),
  signal: z.instanceof(AbortSignal, { message: 'must be an AbortSignal' }).optional(),
});

type SendFields = z.infer<typeof sendSchema>;

/** A send whose form is right. Recipients, content and data are still to be checked by their rooms. */
export interface CheckedSend extends Pick<SendFields, 'identity' | 'locale' | 'timeZone' | 'key' | 'tx'> {
  readonly to: unknown;
  readonly content: { readonly template: string; readonly version?: number } | ContentParts;
  /** Null: as the content decides. */
  readonly channels: ChosenChannels | null;
  readonly data: unknown;
  readonly headers: Readonly<Record<string, string>>;
  readonly replyTo: string | null;
  readonly files: CheckedAttachments;
  readonly times: SendTimes;
  readonly wait: boolean;
  readonly signal: AbortSignal | null;
}

/** The channels of a send: the first that reaches, or all of them. */
export interface ChosenChannels {
  readonly all: boolean;
  readonly channels: readonly Channel[];
}

/** Checks the form of what `send` was given, against the tenant's clock. */
export function checkSend(input: unknown, scope: { readonly timeZone: string }, now: number): CheckedSend {
  const fields = checkInput(sendSchema, input, 'send');
  if (Array.isArray(fields.to) && fields.to.length > MAX_RECIPIENTS) {
    throw tooMany();
  }
  const times = readTimes(fields, scope.timeZone, now);
  checkWait(fields, times);
  return {
    to: copyInput(fields.to, 'to'),
    content: contentOf(fields),
    channels: channelsOf(fields.channel),
    data: copyInput(fields.data, 'data'),
    identity: fields.identity,
    locale: fields.locale,
    timeZone: fields.timeZone,
    headers: checkHeaders(fields.headers ?? {}),
    replyTo: fields.replyTo === undefined ? null : checkEmailAddress(fields.replyTo, 'replyTo'),
    files: checkAttachments(fields.attachments),
    key: fields.key,
    tx: fields.tx ?? undefined,
    times,
    wait: fields.wait !== undefined,
    signal: fields.signal ?? null,
  };
}

/** The error for more recipients than one send takes. */
export function tooMany(): InputError {
  return new InputError('invalid_input', `Invalid send: to: means more than ${MAX_RECIPIENTS} recipients.`, {
    path: 'to',
    advice: 'Use `posthorn.broadcasts`, which writes to as many as there are.',
  });
}

function contentOf({ template, version, email, sms, internal }: SendFields): CheckedSend['content'] {
  const parts = { email, sms, internal };
  const given = Object.entries(parts).filter(([, part]) => part !== undefined);
  const [first] = given;
  if (template === undefined) {
    if (version !== undefined) throw refused('version', 'belongs to a `template`, and there is none');
    if (first === undefined)
      throw refused('template', 'is missing, and so is content (`email`, `sms` or `internal`)');
    // The templates room checks what the parts are.
    return copyInput(Object.fromEntries(given)) as ContentParts;
  }
  if (first !== undefined) throw refused(first[0], 'cannot stand beside `template`: give one or the other');
  return version === undefined ? { template } : { template, version };
}

function channelsOf(choice: SendFields['channel']): ChosenChannels | null {
  if (choice === undefined) return null;
  if (typeof choice === 'string') return { all: false, channels: [choice] };
  const all = 'all' in choice;
  const channels = all ? choice.all : choice;
  if (new Set(channels).size < channels.length) throw refused('channel', 'names a channel twice');
  return { all, channels };
}

function checkWait({ wait, tx }: SendFields, { sendAt }: SendTimes): void {
  if (wait === undefined) return;
  if ((tx ?? undefined) !== undefined) {
    throw new InputError(
      'wait_with_tx',
      '`wait` cannot stand beside `tx`: nothing is sent before the commit.',
      {
        path: 'wait',
        advice: 'Leave one of them out.',
      },
    );
  }
  if (sendAt === null) return;
  throw refused('wait', 'cannot stand beside a `sendAt` that is still to come');
}

function refused(path: string, message: string): InputError {
  return inputErrorOf('send', [{ path, message }]);
}
