import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { parseLocale } from '../recipients/index.ts';
import { askableSource, isAskable } from './askable-source.ts';
import { countRecipients } from './count-recipients.ts';
import { describeQuery } from './describe-query.ts';
import { listFields } from './list-fields.ts';
import { listRecipients } from './list-recipients.ts';
import { readWanted } from './read-wanted.ts';
import type { Recipients } from './recipients.ts';

const keySchema = z.string();
const whereSchema = z.strictObject({ source: z.string(), where: z.unknown().optional() });
const localeSchema = z.strictObject({ locale: z.string().optional() });

/** The recipients of one tenant. */
export function createRecipients(
  context: Pick<Context, 'adapters' | 'clock' | 'open' | 'sources'>,
  scope: Scope,
): Recipients {
  return {
    sources: async () =>
      [...context.sources]
        .filter(([, source]) => isAskable(source) && (source.tenantAware || !scope.scoped))
        .map(([key, { label }]) => ({ key, label })),
    async fields(given) {
      const key = checkInput(keySchema, given, 'source', 'source');
      return listFields(askableSource(context, scope, key, 'source'), scope.locale);
    },
    list: (options) => listRecipients(context, scope, options),
    count: (options) => countRecipients(context, scope, options),
    async describe(input, options = {}) {
      const given = checkInput(whereSchema, input, 'recipients');
      const { locale = scope.locale } = checkInput(localeSchema, options, 'options of the description');
      const known = parseLocale(locale);
      if (known === undefined)
        throw inputErrorOf('options of the description', [{ path: 'locale', message: 'is no locale' }]);
      const { asked, wanted } = readWanted(context, scope, given);
      return describeQuery(asked, wanted.query, { locale: known, timeZone: scope.timeZone });
    },
  };
}
