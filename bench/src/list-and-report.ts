import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCustomers, createSalon, listEverybody } from './salon.ts';

const LOOK_MS = 200;

// Makes the list for as many people as the argument says, and prints the most live memory it had, in MB.
const folder = mkdtempSync(join(tmpdir(), 'posthorn-bench-'));
let most = 0;
const looking = setInterval(() => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  most = Math.max(most, heapUsed + external);
}, LOOK_MS);
try {
  const customers = createCustomers(join(folder, 'salon.db'), Number(process.argv[2]));
  const posthorn = await createSalon(customers, join(folder, 'messages.db'));
  await listEverybody(posthorn);
  await posthorn.close();
  customers.close();
  process.stdout.write(String(most / 2 ** 20));
} finally {
  clearInterval(looking);
  rmSync(folder, { recursive: true, force: true });
}
