/** Facts beside a log line. Never a secret, never an address. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** Where Posthorn writes what a developer may want to know. `console` fits. */
export interface Log {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}
