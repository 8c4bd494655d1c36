import type { Context } from '../context.ts';
import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';
import type { PausableAccount } from '../ports/index.ts';
import { adapterOf } from './resolve-account.ts';
import { webhookUrlOf } from './webhook-url.ts';

/**
 * The URL that the account's provider is to be given.
 *
 * @throws ConfigurationError `public_url_missing`, `no_webhook`.
 */
export function askWebhookUrl(context: Context, account: PausableAccount): string {
  if (adapterOf(context, account).webhook === undefined) {
    throw new ConfigurationError(
      'no_webhook',
      `The provider of ${quoted(account.key)} does not report by HTTP.`,
      {
        path: 'key',
        advice: `Its adapter (${account.adapter}) reads no reports: there is nothing to enter.`,
      },
    );
  }
  const url = webhookUrlOf(context, account);
  if (url !== undefined) return url;
  throw new ConfigurationError(
    'public_url_missing',
    'There is no address at which a provider could report.',
    {
      path: 'publicUrl',
      advice: 'Give `publicUrl` to `createPosthorn`: where the world reaches `handler`.',
    },
  );
}
