import { InputError } from '../errors.ts';
import { parseMoment, wallMs } from '../templates/index.ts';

const DAY_MS = 86_400_000;

/**
 * The instant that `sendAt` or `expiresAt` names: a `Date`, text with an offset, or text without one, which is a clock on
 * the tenant's wall. Of an hour that a change of clocks repeats the first is taken; one that it leaves out is read with
 * the offset before the change, so it comes later by what was left out (as RFC 5545 section 3.3.5 has it).
 *
 * @throws InputError `invalid_input`.
 */
export function readInstant(value: Date | string, timeZone: string, path: string): number {
  const moment = parseMoment(value);
  if (moment === undefined || moment.kind === 'day') {
    throw new InputError('invalid_input', `${path} names no time.`, {
      path,
      advice: 'Give a Date, or text like 2026-11-27T10:00 or 2026-11-27T10:00:00+01:00.',
    });
  }
  return moment.kind === 'instant' ? moment.ms : instantOf(moment.ms, timeZone);
}

function instantOf(wall: number, timeZone: string): number {
  const before = wall - offsetAt(wall - DAY_MS, timeZone);
  const after = wall - offsetAt(wall + DAY_MS, timeZone);
  const shows = (ms: number) => ms + offsetAt(ms, timeZone) === wall;
  return shows(before) || !shows(after) ? before : after;
}

function offsetAt(ms: number, timeZone: string): number {
  return wallMs({ kind: 'instant', ms }, { locale: 'en', timeZone, now: ms }) - ms;
}

/** When a message may leave and when it is too late for it. */
export interface SendTimes {
  /** Null: at once. */
  readonly sendAt: number | null;
  readonly expiresAt: number | null;
}

/**
 * Reads both times. A `sendAt` that has passed is as good as none.
 *
 * @throws InputError `invalid_input` where one names no time.
 */
export function readTimes(
  input: { readonly sendAt?: Date | string | undefined; readonly expiresAt?: Date | string | undefined },
  timeZone: string,
  now: number,
): SendTimes {
  const asked = input.sendAt === undefined ? now : readInstant(input.sendAt, timeZone, 'sendAt');
  const expiresAt =
    input.expiresAt === undefined ? null : readInstant(input.expiresAt, timeZone, 'expiresAt');
  return { sendAt: asked > now ? asked : null, expiresAt };
}

/**
 * Whether there is any time left to send it in. A call that repeats one under its idempotency key is not asked: it may
 * come as late as it likes.
 *
 * @throws InputError `invalid_input` where the message would expire before it may leave.
 */
export function checkTimeLeft({ sendAt, expiresAt }: SendTimes, now: number): void {
  if (expiresAt === null || expiresAt > Math.max(sendAt ?? now, now)) return;
  throw new InputError('invalid_input', 'The message would expire before it may leave.', {
    path: 'expiresAt',
    advice: 'Give an `expiresAt` after `sendAt` and after now.',
  });
}
