import { openSalon } from './salon.test-kit.ts';

/** A process that works the salon's queue until its input ends: `node worker.test-kit.ts <file> <port> <name>`. */

const [, , file = '', port = '', name = ''] = process.argv;
const posthorn = openSalon({ file, port: Number(port), name });
await posthorn.start();
process.stdin.once('end', () => void posthorn.close()).resume();
process.stdout.write('working\n');
