import { z } from 'zod';
import { checkInput, lookupSchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import type { Accounts } from './account.ts';
import { askWebhookUrl } from './ask-webhook-url.ts';
import { findAccount, findOwnAccount, listAccounts, viewOf } from './find-account.ts';
import { listUnmatched } from './list-unmatched.ts';
import { pauseAccount, resumeAccount } from './pause-account.ts';
import { removeAccount } from './remove-account.ts';
import { adapterOf } from './resolve-account.ts';
import { saveAccount } from './save-account.ts';
import { senderBy, tryAccount } from './verify-account.ts';

const pauseSchema = z.strictObject({ message: z.string().min(1).max(500).optional() });
const verifySchema = z.strictObject({ signal: z.instanceof(AbortSignal).optional() });

/** The accounts of one tenant. */
export function createAccounts(context: Context, scope: Scope): Accounts {
  const { tenant } = scope;
  const checkKey = (key: unknown) => checkInput(lookupSchema, key, 'key of an account', 'key');
  const findOwn = async (key: unknown) => findOwnAccount(context, scope, checkKey(key));
  return {
    async save(input) {
      return viewOf(context, await saveAccount(context, tenant, input));
    },
    list: () => listAccounts(context, tenant),
    async get(key) {
      return (await findAccount(context, tenant, checkKey(key)))?.view ?? null;
    },
    remove: async (key) => removeAccount(context, tenant, checkKey(key)),
    async pause(key, options = {}) {
      const { message = 'Paused by hand.' } = checkInput(pauseSchema, options, 'pause');
      const { account } = await findOwn(key);
      await pauseAccount(context, account, { reason: 'by_hand', message, at: context.clock.now() });
      return (await findOwn(key)).view;
    },
    async resume(key) {
      const { account } = await findOwn(key);
      await resumeAccount(context, account);
      return (await findOwn(key)).view;
    },
    async verify(key, options = {}) {
      const { signal } = checkInput(verifySchema, options, 'options of verify');
      const { account, record } = await findOwn(key);
      const sender = await senderBy(context, tenant, account);
      return tryAccount(context, adapterOf(context, account), record, { signal, sender });
    },
    webhookUrl: async (key) => askWebhookUrl(context, (await findOwn(key)).account),
    unmatchedReports: async (key, options) => listUnmatched(context, (await findOwn(key)).account, options),
  };
}
