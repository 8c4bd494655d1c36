import { DatabaseSync } from 'node:sqlite';
import { smtp } from '@posthorn/adapter-smtp';
import type { WorkerJob } from './open-worker.ts';
import { accountAt } from './outgoing.ts';
import { readJob } from './run-apart.ts';
import { openSalon } from './salon.ts';

// A worker, until its parent lets go of it.
const { customers, database, port } = readJob<WorkerJob>();
const source = new DatabaseSync(customers, { readOnly: true });
const posthorn = openSalon(source, database, smtp(accountAt(port)));
await posthorn.start();
process.on('disconnect', () => void posthorn.close());
process.send?.('ready');
