import type SMTPConnection from 'nodemailer/lib/smtp-connection';

/** How one exchange with the server ended. `error` is absent where the connection ended without one. */
export type Answer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly aborted: boolean; readonly error: SMTPConnection.SMTPError | undefined };

export interface AskOptions {
  readonly signal: AbortSignal;
  readonly timeoutMs?: number;
}

/**
 * Runs one callback operation of a connection. nodemailer calls back for a reply, but not for every way in which a
 * connection can end, so its events are heard too.
 */
export function ask<T>(
  connection: SMTPConnection,
  { signal, timeoutMs }: AskOptions,
  start: (done: (error?: Error | null, value?: T) => void) => void,
): Promise<Answer<T | undefined>> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (answer: Answer<T | undefined>) => {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      connection.off('error', onError).off('end', onEnd);
      resolve(answer);
    };
    const fail = (error?: Error, aborted = false) => settle({ ok: false, aborted, error });
    const stop = (error: Error | undefined, aborted: boolean) => {
      fail(error, aborted);
      connection.close();
    };
    const onError = (error: Error) => fail(error);
    // After a 421 the connection ends before it calls back with the reply.
    const onEnd = () => setImmediate(fail);
    const onAbort = () => stop(undefined, true);

    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    connection.on('error', onError).on('end', onEnd);
    if (timeoutMs !== undefined) {
      timer = setTimeout(
        () => stop(Object.assign(new Error('No answer'), { code: 'ETIMEDOUT' }), false),
        timeoutMs,
      );
    }
    start((error, value) => (error ? fail(error) : settle({ ok: true, value })));
  });
}
