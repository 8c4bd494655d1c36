// A process that opens a database at its parent's word, and fails where that fails.
import { once } from 'node:events';
import { sqlite } from './index.ts';
import { runtime } from './real-time.test-kit.ts';

process.send?.('ready');
await once(process, 'message');
const opened = await sqlite(process.argv[2] ?? '').open(runtime);
await opened.store.accounts.list('default');
await opened.close();
process.disconnect();
