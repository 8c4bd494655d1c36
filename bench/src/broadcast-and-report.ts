import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { acceptingAdapter } from './accepting-adapter.ts';
import { readJob, report } from './run-apart.ts';
import { createSalon, sendToEverybody } from './salon.ts';

// Sends a broadcast to everybody in the folder's `salon.db`, and reports the most memory this process ever had, in MB.
const folder = readJob<string>();
const customers = new DatabaseSync(join(folder, 'salon.db'));
const posthorn = await createSalon(customers, join(folder, 'messages.db'), acceptingAdapter());
await sendToEverybody(posthorn);
await posthorn.close();
customers.close();
report(process.resourceUsage().maxRSS / 1024);
