import {
  type AccountState,
  type ArrivedMessage,
  type ProviderBehaviour,
  type SendGridAnswer,
  type SendGridEmail,
  type SendGridRequest,
  startSendGridTestServer,
  type TransportHarness,
  transportConformance,
} from '@posthorn/testing';
import { accountOn } from './account.test-kit.ts';

const apiKey = 'SG.correct-horse.battery-staple-0123456789';

// Every message of the suite has a content of its own, so each goes as a request, and can meet its own fate.
await transportConformance({ name: 'sendgrid', channel: 'email', open });

async function open(account: AccountState): Promise<TransportHarness> {
  const behaviours = new Map<string, ProviderBehaviour>();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let held = 0;

  const hold = (): SendGridAnswer => {
    held += 1;
    for (const waiter of waiting) if (held >= waiter.count) waiter.resolve();
    return { after: released };
  };
  const script = ({ recipients }: SendGridRequest): SendGridAnswer | undefined => {
    switch (behaviours.get(recipients[0] ?? '')) {
      case 'refuse': {
        const message = `${apiKey}\0\r\n${'no '.repeat(1000)}`;
        return { status: 400, errors: [{ message, field: 'personalizations.0.to.0.email' }] };
      }
      case 'defer':
        return { status: 503, errors: [{ message: `later ${apiKey}` }] };
      case 'cut':
        return { cut: true };
      case 'hold':
        return hold();
      default:
        return undefined;
    }
  };
  const server = await startSendGridTestServer({
    script,
    apiKey: account === 'wrong_credentials' ? 'SG.another' : apiKey,
  });
  if (account === 'unreachable') await server.close();

  return {
    transport: accountOn(server, { apiKey }),
    behave: (address, behaviour) => behaviours.set(address, behaviour),
    held(count) {
      return held >= count ? Promise.resolve() : new Promise((resolve) => waiting.add({ count, resolve }));
    },
    release: () => release(),
    arrived: async () => server.received.map(read),
    peak: () => server.peak,
    secrets: [apiKey],
    close: () => server.close(),
  };
}

function read(email: SendGridEmail): ArrivedMessage {
  const headers = new Map([...email.headers].map(([name, value]) => [name, [value]]));
  const { html, replyTo } = email;
  if (replyTo !== undefined) headers.set('reply-to', [replyTo.email]);
  return {
    to: email.to,
    text: email.text ?? '',
    subject: email.subject,
    ...(html === undefined ? {} : { html }),
    headers,
    attachments: email.attachments,
  };
}
