import { parseArgs } from 'node:util';
import { type Platform, startPlatform } from './platform.ts';
import { tellStory } from './story.ts';

/** The platform: tells its story and ends; with `--stay` it stays up, to be looked at and shot at. */
const { values } = parseArgs({ options: { stay: { type: 'boolean', default: false } } });

/** What a shell says of a program that ended by Ctrl-C. */
const INTERRUPTED = 130;

const interrupted = new Promise<'interrupted'>((resolve) => {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve('interrupted'));
});

const say = (line: string): void => console.log(line);
const platform = await startPlatform(say);
introduce(platform);
let exitCode = 1;
try {
  const end = await Promise.race([interrupted, tellStory(platform, say)]);
  if (end === 'interrupted') exitCode = INTERRUPTED;
  else if (end) exitCode = 0;
  if (end === true && values.stay) {
    invite(platform);
    await interrupted;
  }
} finally {
  await platform.end();
}
say('\nEvery process is ended.');
// A story that was interrupted still asks a web process that is gone.
process.exit(exitCode);

function introduce({ url, web, workers, tenants, databaseUrl }: Platform): void {
  say(`Postgres:     ${databaseUrl.replace(/:[^:@/]+@/, ':…@')}`);
  say(`web:          process ${web.pid}, ${url}`);
  for (const worker of workers) say(`${worker.name}:     process ${worker.pid}`);
  for (const { company, port } of tenants) {
    say(`mail server:  localhost:${port}, only ${company.name} can log in`);
  }
}

function invite({ url, web, workers, tenants }: Platform): void {
  const pids = [web, ...workers].map(({ name, pid }) => `${name} ${pid}`);
  say(
    `\nIt stays up until Ctrl-C. Kill what you like, as hard as you like: ${pids.join(', ')}; or Postgres.`,
  );
  for (const { company } of tenants) say(`  curl ${url}/companies/${company.id}/messages`);
  say(`  curl ${url}/messages/health`);
  const news = `${url}/companies/salon-sol`;
  say(`  curl -X POST ${news}/plans                # whom news would reach; answers an id`);
  say(`  curl -X PUT ${news}/broadcasts/<id>       # sends it`);
  say(`  curl -N ${news}/broadcasts/<id>           # watches it`);
}
