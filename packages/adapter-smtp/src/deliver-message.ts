import { Readable } from 'node:stream';
import { classifyReply, type Outcome, parseReply } from '@posthorn/core';
import type SMTPConnection from 'nodemailer/lib/smtp-connection';
import type { ComposedMessage } from './compose-message.ts';
import { ask } from './conversation.ts';
import { abortedOutcome, type SmtpPhase, secretsOf, smtpFailure } from './failure.ts';
import { isAscii } from './mail-address.ts';
import type { ReplyWatch } from './reply-watch.ts';
import type { SmtpSettings } from './settings.ts';

export interface Delivery {
  readonly outcome: Outcome;
  /** What the session is good for now: the next message, the next one after RSET, or nothing. */
  readonly session: 'ready' | 'needs_reset' | 'spent';
  /** The connection ended before a byte of the message was sent, without a word about the message. */
  readonly hungUp: boolean;
}

type OwnRefusal = Parameters<typeof classifyReply>[0];

interface Line {
  readonly connection: SMTPConnection;
  readonly settings: SmtpSettings;
  /** What the server offers: `SMTPUTF8`. */
  readonly extensions: readonly string[];
  readonly replies: Pick<ReplyWatch, 'messageEnds' | 'isFresh'>;
}

const PIECE = 16_384;
/** nodemailer's own timer for silence comes first: it knows the command. */
const GRACE_MS = 100;
const PHASE_OF_COMMAND: ReadonlyMap<string, SmtpPhase> = new Map([
  ['MAIL FROM', 'mail'],
  ['RCPT TO', 'rcpt'],
  ['DATA', 'data'],
]);

/** Hands one message over. It knows how far it came by when the message is read: not before the server said "go ahead". */
export async function deliverMessage(
  { connection, settings, extensions, replies }: Line,
  message: ComposedMessage,
  signal: AbortSignal,
): Promise<Delivery> {
  if (message.international !== null && !(extensions.includes('SMTPUTF8') && isDeclared(message)))
    return answeredByUs(NOT_INTERNATIONAL[message.international]);

  let phase: SmtpPhase = 'mail';
  const patience = createPatience(connection, settings.replyTimeoutMs + GRACE_MS);
  const body = Readable.from(
    piecesOf(message.bytes, () => {
      phase = 'body';
      patience.end();
    }),
  );
  body.once('end', () => {
    phase = 'after_body';
    replies.messageEnds();
    patience.begin();
  });
  const reached = (): SmtpPhase => phase;
  // What was said before the message was over is no answer to it.
  const isStale = (): boolean => phase === 'after_body' && !replies.isFresh;

  const { from, to, bytes } = message;
  const international = message.international !== null;
  patience.begin();
  const answer = await ask<SMTPConnection.SentMessageInfo>(connection, { signal }, (done) =>
    connection.send({ from, to: [to], size: bytes.length, use8BitMime: international }, body, done),
  );
  patience.end();
  if (answer.ok) return taken(answer.value, isStale() ? 'body' : reached(), settings);
  if (answer.aborted) return { outcome: abortedOutcome(reached()), session: 'spent', hungUp: false };
  const own = OWN_REFUSALS.get(answer.error?.response === undefined ? (answer.error?.code ?? '') : '');
  if (own !== undefined) return answeredByUs(own);
  return refused(isStale() ? withoutReply(answer.error) : answer.error, reached(), settings);
}

/** Silence has its own limit; this one is for a server that goes on saying that it has not ended yet. */
function createPatience(connection: SMTPConnection, limitMs: number) {
  let timer: NodeJS.Timeout | undefined;
  const stop = () => {
    connection.emit('error', Object.assign(new Error('No end of the answer'), { code: 'ETIMEDOUT' }));
    connection.close();
  };
  return {
    begin(): void {
      timer = setTimeout(stop, limitMs);
    },
    end(): void {
      clearTimeout(timer);
    },
  };
}

/** Small pieces, so that the end of the stream means that the socket has taken nearly all. */
function* piecesOf(bytes: Buffer, onFirst: () => void): Generator<Buffer> {
  onFirst();
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

function taken(
  info: SMTPConnection.SentMessageInfo | undefined,
  phase: SmtpPhase,
  settings: SmtpSettings,
): Delivery {
  const reply = parseReply(info?.response ?? '', secretsOf(settings));
  const outcome = classifyReply({ ...reply, phase });
  const providerId = info?.serverMessageId;
  const session = outcome.status === 'accepted' ? 'ready' : 'spent';
  if (outcome.status !== 'accepted' || providerId === undefined) return { outcome, session, hungUp: false };
  return { outcome: { ...outcome, providerId }, session, hungUp: false };
}

function refused(
  error: SMTPConnection.SMTPError | undefined,
  reached: SmtpPhase,
  settings: SmtpSettings,
): Delivery {
  const begun = reached !== 'mail';
  // What the server said as the connection ended answers nothing we know of; only 421 says so of itself.
  const farewell = !begun && error?.command === 'CONN' && error.responseCode !== 421;
  const heard = farewell ? withoutReply(error) : error;
  const replied = heard?.response !== undefined;
  const phase = begun
    ? replied
      ? 'after_body'
      : reached
    : (PHASE_OF_COMMAND.get(error?.command ?? '') ?? 'mail');
  const { outcome, disconnected } = smtpFailure(heard, phase, settings);
  const inStep = replied && !disconnected && outcome.status === 'refused' && reached !== 'body';
  return { outcome, session: inStep ? 'needs_reset' : 'spent', hungUp: disconnected && !begun };
}

function withoutReply<E extends object>(error: E | undefined): (E & { response: undefined }) | undefined {
  return error && { ...error, response: undefined };
}

/** nodemailer says SMTPUTF8 with MAIL for the envelope's addresses, and only for these. */
function isDeclared({ from, to }: ComposedMessage): boolean {
  return !isAscii(from) || !isAscii(to);
}

/** What a client has to answer itself, as the server would: RFC 6531 section 3.6, RFC 1870 section 6.2. */
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

/** By nodemailer's codes of what it refuses before it says MAIL. */
const OWN_REFUSALS: ReadonlyMap<string, OwnRefusal> = new Map<string, OwnRefusal>([
  [
    'EMESSAGE',
    {
      code: 552,
      enhanced: '5.3.4',
      text: 'The message is larger than the server says it takes.',
      phase: 'mail',
    },
  ],
  ['EENVELOPE', { code: 553, text: 'The address cannot be written in SMTP.', phase: 'rcpt' }],
]);

function answeredByUs(reply: OwnRefusal): Delivery {
  return { outcome: classifyReply(reply), session: 'ready', hungUp: false };
}
