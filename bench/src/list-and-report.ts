import { join } from 'node:path';
import { readJob, report } from './run-apart.ts';
import { createCustomers, createSalon, listEverybody } from './salon.ts';
import { inTemporaryFolder } from './temporary-folder.ts';

const LOOK_MS = 200;

// Makes the list for as many people as the job says, and reports the most live memory it had, in MB.
let most = 0;
const looking = setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, heapUsed + external);
}, LOOK_MS);
await inTemporaryFolder(async (folder) => {
  const customers = createCustomers(join(folder, 'salon.db'), readJob<number>());
  const posthorn = await createSalon(customers, join(folder, 'messages.db'));
  await listEverybody(posthorn);
  await posthorn.close();
  customers.close();
});
clearInterval(looking);
report(most / 2 ** 20);
