/** Where time comes from. Nothing in Posthorn asks the system for the time in any other way. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Resolves after `delayMs`; rejects with the signal's reason when it is aborted first. Must not keep a process alive by itself. */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}
