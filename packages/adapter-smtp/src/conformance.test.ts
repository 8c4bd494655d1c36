import {
  type AccountState,
  type ArrivedMessage,
  type ProviderBehaviour,
  type SmtpAnswer,
  type SmtpStep,
  startSmtpTestServer,
  type TakenMessage,
  type TransportHarness,
  transportConformance,
} from '@posthorn/testing';
import PostalMime from 'postal-mime';
import { accountOn } from './account.test-kit.ts';

const username = 'hello@salon.example';
const password = 'correct horse battery';

await transportConformance({ name: 'smtp', channel: 'email', open });

async function open(account: AccountState): Promise<TransportHarness> {
  const behaviours = new Map<string, ProviderBehaviour>();
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  const waiting = new Set<{ count: number; resolve: () => void }>();
  let held = 0;
  let under = 0;
  let peak = 0;

  const hold = async () => {
    held += 1;
    for (const waiter of waiting) if (held >= waiter.count) waiter.resolve();
    await released;
  };
  const script = async ({ verb, recipients, line }: SmtpStep): Promise<SmtpAnswer> => {
    const behaviour = behaviours.get(recipients[0] ?? /<(.*)>/.exec(line)?.[1] ?? '') ?? 'accept';
    if (verb === 'RCPT' && behaviour === 'refuse')
      return `550-5.1.1 ${password}\0\r\n550 5.1.1 ${'no '.repeat(1000)}`;
    if (verb === 'RCPT' && behaviour === 'defer') return `451 4.3.0 later ${password}`;
    if (verb === 'BODY') peak = Math.max(peak, ++under);
    if (verb !== 'MESSAGE') return undefined;
    if (behaviour === 'hold') await hold();
    under -= 1;
    return behaviour === 'cut' ? null : undefined;
  };
  const users = { [username]: account === 'wrong_credentials' ? 'another' : password };
  const server = await startSmtpTestServer({ script, users });
  if (account === 'unreachable') await server.close();

  return {
    transport: accountOn(server.port, { username, password }),
    behave: (address, behaviour) => behaviours.set(address, behaviour),
    held(count) {
      return held >= count ? Promise.resolve() : new Promise((resolve) => waiting.add({ count, resolve }));
    },
    release: () => release(),
    arrived: () => Promise.all(server.received.map(read)),
    peak: () => peak,
    secrets: [password, Buffer.from(password).toString('base64')],
    close: () => server.close(),
  };
}

async function read({ to, content }: TakenMessage): Promise<ArrivedMessage> {
  const email = await PostalMime.parse(content, { attachmentEncoding: 'arraybuffer' });
  const headers = new Map<string, string[]>();
  for (const { key, value } of email.headers) headers.set(key, [...(headers.get(key) ?? []), value]);
  return {
    to: to.join(),
    text: email.text ?? '',
    headers,
    ...(email.subject === undefined ? {} : { subject: email.subject }),
    ...(email.html === undefined ? {} : { html: email.html }),
    attachments: email.attachments.map((file) => ({
      filename: file.filename ?? '',
      mediaType: file.mimeType,
      disposition: file.disposition === 'inline' ? 'inline' : 'attachment',
      content: new Uint8Array(file.content as ArrayBuffer),
      ...(file.contentId === undefined ? {} : { contentId: file.contentId.replace(/^<|>$/g, '') }),
    })),
  };
}
