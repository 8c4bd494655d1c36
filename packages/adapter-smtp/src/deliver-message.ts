import { classifyReply, type Outcome } from '@posthorn/core';
import type { ComposedMessage } from './compose-message.ts';
import { abortedOutcome, replyOf, type SmtpPhase, smtpFailure } from './failure.ts';
import { mailCommand, type Offer, refusalOf } from './offer.ts';
import type { ServerReply } from './reply-reader.ts';
import type { SmtpSettings } from './settings.ts';
import { endOfMessage, stuffDots } from './stuff-dots.ts';
import type { Asker, BrokenLine, Wire } from './wire.ts';

/** A session, as a message sees it. */
export interface Line {
  readonly wire: Wire;
  readonly settings: SmtpSettings;
  readonly secrets: readonly string[];
  readonly offer: Offer;
  /** The id that some providers give a message when they take it. */
  readonly providerIdIn: (reply: string) => string | undefined;
  /** The message before was refused, and its transaction is still open. */
  readonly needsReset: boolean;
  /**
   * Called when all is said but the last answer, by a server with PIPELINING: whether another message takes the line from
   * here on, its commands behind the end of this one (RFC 2920 section 3.1).
   */
  readonly passOn: () => boolean;
}

export interface Delivery {
  readonly outcome: Outcome;
  /** What the session is good for now: the next message, the next one after RSET, or nothing. */
  readonly session: 'ready' | 'needs_reset' | 'spent';
  /** The connection ended, by the server's will or ours, before a byte of the message was sent. */
  readonly hungUp: boolean;
}

/** Hands one message over; resolves once its outcome is known. */
export function deliverMessage(line: Line, message: ComposedMessage, signal: AbortSignal): Promise<Delivery> {
  const untouched = line.needsReset ? 'needs_reset' : 'ready';
  const refusal = refusalOf(message, line.offer);
  const outcome = refusal ? classifyReply(refusal) : signal.aborted ? abortedOutcome('mail') : undefined;
  if (outcome !== undefined) return Promise.resolve({ outcome, session: untouched, hungUp: false });
  return new Promise((resolve) => new Transaction(line, message, signal, resolve).begin());
}

interface Refusal {
  readonly reply: ServerReply;
  readonly phase: SmtpPhase;
}

type Step = 'reset' | 'mail' | 'rcpt' | 'data';

const STEPS: readonly Step[] = ['mail', 'rcpt', 'data'];
const STEPS_AFTER_REFUSAL: readonly Step[] = ['reset', ...STEPS];
/** The most that is given to the network at once: what TLS encrypts in one go, and what an abort cannot take back. */
const PART = 65_536;
const ONCE = { once: true };
const NEVER = () => false;
const OUT_OF_STEP: BrokenLine = { code: 'EPROTOCOL' };
const LF = 10;

/**
 * One message on the wire.
 *
 *    we                          the server answers
 *
 *    RSET                        250                         only after a refusal
 *    MAIL FROM:<…> SIZE=…        250     4yz, 5yz: refused
 *    RCPT TO:<…>                 250     4yz, 5yz: refused
 *    DATA                        354     4yz, 5yz: refused
 *    ──────────────── so far nothing of the message is sent: a cut or silence refuses it for now
 *    the message, in parts            ── from here on it leaves the message in doubt
 *    CRLF . CRLF                 250: accepted   4yz, 5yz: refused
 *
 * With PIPELINING (RFC 2920) the commands go in one write, and behind the end of the message before, if there was one just
 * then; otherwise each waits for the answer to the one before. The message is sent only if every answer is a yes; a server
 * that says yes to DATA after a no to MAIL or RCPT is left waiting.
 *
 * Replies have no numbers, but their order shows whom they answer, unless several too many fit into it: one too many, and DATA is answered by 250, RCPT accepted
 * after a refused MAIL, or the last answer followed by another. Such a server is out of step: nothing it said counts, and
 * the message goes over another connection.
 */
class Transaction implements Asker {
  readonly #line: Line;
  readonly #message: ComposedMessage;
  readonly #signal: AbortSignal;
  readonly #resolve: (delivery: Delivery) => void;
  readonly #steps: readonly Step[];
  #said = 0;
  #answered = 0;
  #phase: SmtpPhase = 'mail';
  /** The first that came, and what it answered. */
  #refusal: Refusal | undefined;
  /** Bytes of the message that were given to the network. */
  #sent = 0;
  #isOver = false;

  constructor(
    line: Line,
    message: ComposedMessage,
    signal: AbortSignal,
    resolve: (delivery: Delivery) => void,
  ) {
    this.#line = line;
    this.#message = message;
    this.#signal = signal;
    this.#resolve = resolve;
    this.#steps = line.needsReset ? STEPS_AFTER_REFUSAL : STEPS;
  }

  begin(): void {
    const { wire } = this.#line;
    this.#signal.addEventListener('abort', this, ONCE);
    if (wire.ask(this)) this.#sayNext();
    else this.ended(undefined);
  }

  heard(reply: ServerReply, hasRest: boolean): void {
    if (this.#isBegun) this.#hearJudgement(reply);
    else this.#hearAnswer(reply, hasRest);
  }

  ended(cause: BrokenLine | undefined): void {
    const outcome = this.#refusal
      ? this.#outcomeOf(this.#refusal.reply, this.#refusal.phase)
      : this.#broken(cause);
    this.#end({ outcome, session: 'spent', hungUp: !this.#isBegun });
  }

  /** The caller's signal was aborted. */
  handleEvent(): void {
    this.#end({ outcome: abortedOutcome(this.#phase), session: 'spent', hungUp: false });
  }

  get #isBegun(): boolean {
    return this.#phase === 'body' || this.#phase === 'after_body';
  }

  get #canPipeline(): boolean {
    return this.#line.offer.extensions.has('PIPELINING');
  }

  #sayNext(): void {
    const { wire } = this.#line;
    const end = this.#canPipeline ? this.#steps.length : this.#said + 1;
    const commands = this.#steps.slice(this.#said, end).map((step) => this.#commandOf(step));
    this.#said = end;
    wire.say(commands.join(''));
  }

  #commandOf(step: Step): string {
    if (step === 'mail') return `${mailCommand(this.#message, this.#line.offer)}\r\n`;
    if (step === 'rcpt') return `RCPT TO:<${this.#message.to}>\r\n`;
    return step === 'data' ? 'DATA\r\n' : 'RSET\r\n';
  }

  #hearAnswer(reply: ServerReply, hasRest: boolean): void {
    const phase = this.#phase;
    const step = this.#steps[this.#answered];
    this.#answered += 1;
    const isLast = this.#answered === this.#said;
    const kind = Math.trunc(reply.code / 100);
    const isYes = kind === (step === 'data' ? 3 : 2);
    const isNo = kind === 4 || kind === 5;
    const isOdd = isYes ? (isLast && hasRest) || (step === 'rcpt' && this.#refusal) : step === 'reset';
    if (isNo) this.#refusal ??= { reply, phase };

    if (reply.code === 421) this.ended(undefined);
    else if (isOdd) this.#hangUp(this.#broken(OUT_OF_STEP));
    else if (!isYes && !isNo) this.#hangUp(this.#outcomeOf(reply, phase));
    else if (!isLast) this.#awaitNext();
    else if (this.#refusal !== undefined) this.#endRefused(this.#refusal, isYes, hasRest);
    else if (step === 'data') this.#sendMessage();
    else {
      this.#awaitNext();
      this.#sayNext();
    }
  }

  #awaitNext(): void {
    const step = this.#steps[this.#answered];
    if (step !== undefined && step !== 'reset') this.#phase = step;
  }

  /** In parts, each once the network has taken the one before, and the event loop has had its turn. */
  #sendMessage(): void {
    if (this.#isOver) return;
    const { wire } = this.#line;
    const { bytes } = this.#message;
    const start = this.#sent;
    this.#sent = Math.min(start + PART, bytes.length);
    const part = stuffDots(bytes.subarray(start, this.#sent), start === 0 || bytes[start - 1] === LF);
    if (this.#sent < bytes.length) {
      this.#phase = 'body';
      wire.expectNothing();
      wire.sendPart(part, () => setImmediate(() => this.#sendMessage()));
    } else {
      this.#phase = 'after_body';
      wire.expectAnswer();
      wire.sendLast(part, endOfMessage(bytes), this.#canPipeline ? this.#line.passOn : NEVER);
    }
  }

  /** A no counts at any time: the end of the message is not sent after it. A yes does only to the whole message. */
  #hearJudgement(reply: ServerReply): void {
    const isWhole = this.#phase === 'after_body';
    const isYes = reply.code >= 200 && reply.code < 300;
    const isNo = reply.code >= 400;
    const outcome = this.#outcomeOf(
      reply,
      isNo || (isWhole && (isYes || reply.code === 0)) ? 'after_body' : 'body',
    );
    if (!isWhole || reply.code === 421 || outcome.status === 'unknown')
      this.#end({ outcome, session: 'spent', hungUp: false });
    else if (outcome.status === 'refused') this.#end({ outcome, session: 'needs_reset', hungUp: false });
    else this.#end({ outcome: this.#named(outcome, reply), session: 'ready', hungUp: false });
  }

  #named(outcome: Extract<Outcome, { status: 'accepted' }>, { text }: ServerReply): Outcome {
    const providerId = this.#line.providerIdIn(text);
    return providerId === undefined ? outcome : { ...outcome, providerId };
  }

  /** `tookData`: the server waits for the message all the same. `hasRest`: it said more, so it may be an older answer. */
  #endRefused(refusal: Refusal, tookData: boolean, hasRest: boolean): void {
    const session = tookData || hasRest ? 'spent' : 'needs_reset';
    this.#end({ outcome: this.#outcomeOf(refusal.reply, refusal.phase), session, hungUp: hasRest });
  }

  #hangUp(outcome: Outcome): void {
    this.#end({ outcome, session: 'spent', hungUp: true });
  }

  #outcomeOf(reply: ServerReply, phase: SmtpPhase): Outcome {
    return classifyReply({ ...replyOf(reply, this.#line.secrets), phase });
  }

  #broken(cause: BrokenLine | undefined): Outcome {
    return smtpFailure(cause, this.#phase, this.#line.settings).outcome;
  }

  #end(delivery: Delivery): void {
    const { wire } = this.#line;
    this.#isOver = true;
    this.#signal.removeEventListener('abort', this);
    if (delivery.session === 'spent') wire.leave(this);
    else wire.done(this);
    this.#resolve(delivery);
  }
}
