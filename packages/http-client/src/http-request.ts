import type { RefusedOutcome, UnknownOutcome } from '@posthorn/core';

/** What is asked of a server. */
export interface HttpRequest {
  readonly method: string;
  /** With its query, encoded: `/v3/mail/send?x=1`. */
  readonly path: string;
  /** Content-Length is added. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Uint8Array;
  /** Ends the request: what has been sent may still have come in. */
  readonly signal?: AbortSignal;
}

/**
 * What became of it. A status code of any kind is an answer; so is one that came before the server had read the whole
 * request. `failed` says what that means for the message: `refused` while the last byte of the request had not left,
 * `unknown` from then on.
 */
export type HttpReply =
  | {
      readonly status: 'answered';
      readonly code: number;
      /** Names in lower case; several of one name are joined by commas, `set-cookie` is left out. */
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** False where the body ends early: cut by the server or the network, by a time-out, or longer than allowed. */
      readonly isComplete: boolean;
      /** False where it was answered before the last byte of the request had left: nobody can have acted on it. */
      readonly isRequestWhole: boolean;
    }
  | { readonly status: 'failed'; readonly outcome: RefusedOutcome | UnknownOutcome };
