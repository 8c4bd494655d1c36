import { openClub } from './club.test-kit.ts';

/**
 * A process that only watches: it says each progress it sees of a broadcast, and leaves in the middle or at the end. It
 * does not close anything: that it ends by itself is what is tested. `node watcher.test-kit.ts <database> <port> <members> <id> <looks>`.
 */

const [, , database = '', port = '', members = '', id = '', looks = ''] = process.argv;
const posthorn = openClub({ database, port: Number(port), members: Number(members) });
const broadcast = await posthorn.broadcasts.get(id);
let seen = 0;
for await (const progress of broadcast?.progress() ?? []) {
  process.stdout.write(`${JSON.stringify(progress)}\n`);
  seen += 1;
  if (seen === Number(looks)) break;
}
