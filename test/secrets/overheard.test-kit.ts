import type { LiveEventName, Log, LogFields, Posthorn } from '@posthorn/core';

/** A log that a test can read. */
export function recordingLog(): Log & { readonly lines: readonly unknown[] } {
  const lines: unknown[] = [];
  const write = (message: string, fields?: LogFields) => lines.push([message, fields]);
  return { lines, debug: write, info: write, warn: write, error: write };
}

const EVENTS: readonly LiveEventName[] = [
  'message.queued',
  'message.scheduled',
  'message.accepted',
  'message.deferred',
  'message.bounced',
  'message.unknown',
  'message.skipped',
  'message.failed',
  'account.paused',
  'account.resumed',
];

/** Everything that is told live. It grows. */
export function listening(posthorn: Pick<Posthorn, 'on'>): readonly unknown[] {
  const heard: unknown[] = [];
  for (const name of EVENTS) posthorn.on(name, (event) => heard.push(event));
  return heard;
}
