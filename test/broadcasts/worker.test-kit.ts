import { createInterface } from 'node:readline';
import { openClub } from './club.test-kit.ts';

/**
 * A process that works the club's queue until its input ends, and says when it has begun and when it reads a page of
 * members; a line of its input is a plan to start: `node worker.test-kit.ts <database> <port> <members> <aheadMs>`. Its
 * clock is that much ahead of the machine's.
 */

const [, , database = '', port = '', members = '', aheadMs = '0'] = process.argv;
const { now } = Date;
Date.now = () => now() + Number(aheadMs);

const posthorn = openClub({
  database,
  port: Number(port),
  members: Number(members),
  onPage: () => process.stdout.write('page\n'),
});
await posthorn.start();
createInterface({ input: process.stdin })
  .on('line', async (id) => {
    await posthorn.broadcasts.start(id);
    process.stdout.write('started\n');
  })
  .once('close', () => void posthorn.close());
process.stdout.write('working\n');
