import { InputError } from '../errors.ts';
import { readInstant } from '../zoned-time.ts';

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
