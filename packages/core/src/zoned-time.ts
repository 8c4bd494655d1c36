import { InputError } from './errors.ts';
import { parseMoment, wallMs } from './templates/index.ts';

const DAY_MS = 86_400_000;

/**
 * The instant that a `Date`, text with an offset, or text without one names; the latter is a clock on the tenant's wall.
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

/**
 * When a clock on the wall shows `wall` (ms since the epoch, as if the wall were in UTC). Of an hour that a change of
 * clocks repeats the first is taken; one that it leaves out is read with the offset before the change, so it comes later
 * by what was left out (as RFC 5545 section 3.3.5 has it).
 */
export function instantOf(wall: number, timeZone: string): number {
  const before = wall - offsetAt(wall - DAY_MS, timeZone);
  const after = wall - offsetAt(wall + DAY_MS, timeZone);
  const shows = (ms: number) => wallOf(ms, timeZone) === wall;
  return shows(before) || !shows(after) ? before : after;
}

/** What a clock on the wall shows at an instant: ms since the epoch, as if the wall were in UTC. */
export function wallOf(ms: number, timeZone: string): number {
  return wallMs({ kind: 'instant', ms }, { timeZone });
}

function offsetAt(ms: number, timeZone: string): number {
  return wallOf(ms, timeZone) - ms;
}
