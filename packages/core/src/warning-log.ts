import type { Log, LogFields } from './ports/index.ts';

/**
 * The log of a host that gives none: warnings and errors become process warnings, which Node prints to stderr once each;
 * the rest is dropped, as a library has no business on a host's stdout.
 */
export const warningLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: (message, fields) => emit(message, fields),
  error: (message, fields) => emit(message, fields),
};

function emit(message: string, fields: LogFields | undefined): void {
  const detail = fields === undefined ? {} : { detail: JSON.stringify(fields) };
  process.emitWarning(message, { type: 'PosthornWarning', ...detail });
}
