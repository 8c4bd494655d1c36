import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { toNodeHandler } from '@posthorn/core';
import { BookingSystem } from './booking-system.ts';
import { createMessaging, type Messaging, saveSender, saveTemplates } from './messaging.ts';
import { createProgressLine } from './progress-line.ts';
import { openProvider, type Provider, type ProviderName } from './providers.ts';
import { allMessages, printCounts, printTimeline } from './report.ts';
import { tellEveryone } from './tell-everyone.ts';

/**
 * A storm warning by SendGrid or by text message, with the provider's reports: they come in by the salon's own web server,
 * as they would in the world, and end up in the timeline of each message.
 */
export async function tellByProvider(folder: string, name: ProviderName): Promise<void> {
  const salon = new BookingSystem(join(folder, `salon-${name}.db`));
  const provider = await openProvider(name);
  const web = createServer();
  web.listen(0, '127.0.0.1');
  await once(web, 'listening');
  const { port } = web.address() as AddressInfo;
  const posthorn = createMessaging(salon.database, {
    adapters: [provider.adapter],
    publicUrl: `http://localhost:${port}/messages`,
  });
  web.on('request', toNodeHandler(posthorn));
  try {
    await tell(posthorn, provider);
  } finally {
    await posthorn.close();
    web.closeAllConnections();
    web.close();
    await provider.close();
    salon.close();
  }
}

async function tell(posthorn: Messaging, provider: Provider): Promise<void> {
  await saveTemplates(posthorn);
  // Text messages come from the name that the provider's set-up says.
  if (provider.channel === 'email') await saveSender(posthorn, provider.adapter.key);
  await provider.reportTo(posthorn);
  await posthorn.start();
  const progress = createProgressLine(process.stdout);
  await tellEveryone(posthorn, progress, provider.channel);
  progress.end();
  await provider.reported();

  console.log(`\n${provider.summary()}`);
  const messages = await allMessages(posthorn);
  const counts = printCounts(messages);
  const delivered = messages.find(({ status }) => status === 'delivered');
  await printTimeline(posthorn, messages);
  if (delivered !== undefined) await printTimeline(posthorn, [delivered]);
  // Everything is reported: nothing is left that the provider has only accepted.
  if (delivered === undefined || counts.has('accepted')) process.exitCode = 1;
}
