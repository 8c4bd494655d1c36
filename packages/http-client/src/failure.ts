import {
  classifyConnection,
  type DeliveryPhase,
  type RefusedOutcome,
  type UnknownOutcome,
} from '@posthorn/core';

/** How far a request has come. `body` begins when the connection stands, `after_body` when its last byte has left. */
export type Phase = Extract<DeliveryPhase, 'resolve' | 'connect' | 'tls' | 'body' | 'after_body'>;

/** Why a request ended without an answer. */
export interface Cause {
  /** Node's code; absent where it was stopped from here. */
  readonly code?: string | undefined;
  readonly text: string;
}

/** Our caller's signal, or their `close`. */
export const STOPPED: Cause = { text: 'Stopped before the server had answered.' };

export const LOST: Cause = { code: 'ECONNRESET', text: 'The connection ended without an answer.' };

/** What is known about an error of node's. */
export function causeOf(error: NodeJS.ErrnoException): Cause {
  const { code = 'EUNKNOWN', message } = error;
  // Of the parser of replies.
  if (code.startsWith('HPE_')) return { code: 'EPROTOCOL', text: `The answer was not HTTP: ${message}` };
  // Of a name with several addresses, none of which answers, there is no message.
  return { code, text: message || code };
}

/**
 * What it means for the message. A request that is not whole is none: its length is always announced, so no server acts
 * on a part of it.
 */
export function outcomeOf({ code, text }: Cause, phase: Phase): RefusedOutcome | UnknownOutcome {
  const { failure: network } = classifyConnection({ code, phase, text });
  const failure =
    code === undefined ? ({ ...network, category: 'other', fault: 'nobody' } as const) : network;
  if (phase === 'after_body') return { status: 'unknown', failure };
  return { status: 'refused', retryable: true, failure };
}

/** A request with a line break in a header, or blanks in its path: never sent, at no attempt. */
export function unwritable(error: Error): RefusedOutcome {
  const reply = { text: `The request cannot be written: ${error.message}` };
  return {
    status: 'refused',
    retryable: false,
    failure: { category: 'bad_request', fault: 'content', phase: 'body', reply },
  };
}
