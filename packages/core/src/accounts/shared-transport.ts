import type { Log, Transport } from '../ports/index.ts';

/** A transport with several users, closed once it is retired and the last of them gave it back. */
export interface SharedTransport {
  /** The transport for one user, whose `close` gives it back. */
  lend(): Transport;
  /** No new users. Resolves once it is closed, or at once where somebody still uses it. */
  retire(): Promise<void>;
}

/** Shares a transport that was just opened. */
export function shareTransport(transport: Transport, log: Log): SharedTransport {
  let users = 0;
  let retired = false;

  const closeIfIdle = async (): Promise<void> => {
    if (!retired || users > 0) return;
    try {
      await transport.close();
    } catch (error) {
      log.warn('A transport did not close cleanly.', {
        error: error instanceof Error ? error.message : 'unknown',
      });
    }
  };

  return {
    lend() {
      users += 1;
      let lent = true;
      return {
        features: transport.features,
        send: (batch, options) => transport.send(batch, options),
        verify: (options) => transport.verify(options),
        async close() {
          if (!lent) return;
          lent = false;
          users -= 1;
          await closeIfIdle();
        },
      };
    },
    async retire() {
      if (retired) return;
      retired = true;
      await closeIfIdle();
    },
  };
}
