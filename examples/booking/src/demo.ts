import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { confirmAndTell } from './confirm-and-tell.ts';
import { isProviderName, PROVIDER_NAMES } from './providers.ts';
import { tellByProvider } from './tell-by-provider.ts';

/** The demo: by the salon's own mail server, or `--via sendgrid` and `--via sms` by a provider that reports back. */
const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(import.meta.dirname, '..', '.data') },
    via: { type: 'string', default: 'smtp' },
  },
});
const { via } = values;
const folder = resolve(values.data);
mkdirSync(folder, { recursive: true });

if (via === 'smtp') {
  await confirmAndTell(folder);
} else if (isProviderName(via)) {
  await tellByProvider(folder, via);
} else {
  console.error(`There is no way called "${via}". There are: smtp, ${PROVIDER_NAMES.join(', ')}.`);
  process.exitCode = 1;
}
