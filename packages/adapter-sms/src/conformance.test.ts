import {
  type AccountState,
  type ProviderBehaviour,
  startTwilioTestServer,
  type TransportHarness,
  transportConformance,
  twilioError,
} from '@posthorn/testing';
import { accountOn } from './account.test-kit.ts';

const authToken = 'correct-horse-battery-staple';

await transportConformance({ name: 'twilio', channel: 'sms', open });

async function open(account: AccountState): Promise<TransportHarness> {
  const behaviours = new Map<string, ProviderBehaviour>();
  const waiting = new Set<{ count: number; resolve: () => void }>();
  const released = Promise.withResolvers<void>();
  let held = 0;

  const server = await startTwilioTestServer({
    authToken,
    async script({ to }) {
      const behaviour = behaviours.get(to) ?? 'accept';
      if (behaviour === 'refuse')
        return twilioError(400, 21211, `Not\r\na\0number, ${authToken}, ${'no '.repeat(1000)}`);
      if (behaviour === 'defer') return twilioError(503, 20503, `Service unavailable for ${authToken}`);
      if (behaviour === 'cut') return null;
      if (behaviour === 'hold') {
        held += 1;
        for (const waiter of waiting) if (held >= waiter.count) waiter.resolve();
        await released.promise;
      }
      return undefined;
    },
  });
  if (account === 'unreachable') await server.close();
  const given = account === 'wrong_credentials' ? 'another-token-altogether' : authToken;

  return {
    transport: accountOn({ ...server, authToken: given }),
    behave: (address, behaviour) => behaviours.set(address, behaviour),
    held: (count) =>
      held >= count ? Promise.resolve() : new Promise((resolve) => waiting.add({ count, resolve })),
    release: () => released.resolve(),
    arrived: async () =>
      server.messages
        .filter(({ status }) => status === null || status === 201)
        .map(({ to, body }) => ({ to, text: body })),
    peak: () => server.peak,
    secrets: [given, Buffer.from(given).toString('base64')],
    close: () => server.close(),
  };
}
