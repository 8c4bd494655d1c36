import { InputError } from '../errors.ts';

/** Everything that a reader of headers may take for the end of a line, and what no name holds. */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}]+/u;

/**
 * A name given by the caller, trimmed; null where there is none.
 *
 * @throws InputError `header_injection` where it is more than one line.
 */
export function checkDisplayName(name: string | undefined, path: string): string | null {
  if (name !== undefined && CONTROL.test(name)) {
    throw new InputError('header_injection', 'The name holds a line break or another control character.', {
      path,
      advice: 'A name is one line of text.',
    });
  }
  return name?.trim() || null;
}

/** A name from the host's data on one line: nobody is there to mend it. */
export function toDisplayName(name: string | undefined): string | null {
  const line = name?.split(CONTROL).join(' ').trim().slice(0, 1000);
  return line === undefined || line === '' ? null : line;
}
