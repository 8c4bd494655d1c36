import { postgres } from '@posthorn/backend-postgres';
import { systemClock } from '@posthorn/core';
import { silent } from '../strict-server.test-kit.ts';

/** A process that opens a database, says so, and closes it: `node opener.test-kit.ts <url>`. */

const [, , url = ''] = process.argv;
process.stdout.write('opening\n');
const opened = await postgres(url, { connections: 2 }).open({ clock: systemClock, log: silent });
await opened.store.segments.list('default');
process.stdout.write('opened\n');
await opened.close();
