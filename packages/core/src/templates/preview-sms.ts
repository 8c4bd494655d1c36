import {
  type CostEstimate,
  costOf,
  type ResolvedAccount,
  resolveAccount,
  textAsSent,
} from '../accounts/index.ts';
import type { Context, Opened, Scope } from '../context.ts';
import { ConfigurationError, NotFoundError } from '../errors.ts';
import type { SendingIdentity } from '../identities/index.ts';
import { namedCharacters } from '../named-characters.ts';
import type { MessageCost, MessageRefusal } from '../ports/index.ts';
import type { PreviewSms, PreviewWarning } from './preview.ts';

/** How a text message would be sent, what it would cost, and what is dear or impossible about it. */
interface ShownCost {
  readonly text: string;
  readonly sms: PreviewSms | null;
  readonly warnings: readonly PreviewWarning[];
}

/** Asks the account that the text would leave by; where there is none yet, or it is not paid by the message, nothing is shown. */
export async function previewSms(
  context: Context,
  opened: Opened,
  { tenant }: Scope,
  identity: SendingIdentity | null,
  { to, text: given }: { readonly to: string | null; readonly text: string },
): Promise<ShownCost> {
  const paid = await payment(context, opened, tenant, identity);
  if (paid === null) return { text: given, sms: null, warnings: [] };
  const { account, estimate } = paid;
  const text = await textAsSent(context, opened, account, given);
  if (estimate === null) return { text, sms: null, warnings: [] };
  const cost = estimate({ from: identity?.address ?? '', to: to ?? '', text });
  const { segments, encoding = null, price, costly = [] } = cost;
  return {
    text,
    sms: { length: [...text].length, segments, encoding, price, costly },
    warnings: warningsOf(to === null ? { ...cost, refusal: undefined } : cost),
  };
}

/** Null where there is no account yet. */
async function payment(
  context: Context,
  opened: Opened,
  tenant: string,
  identity: SendingIdentity | null,
): Promise<{ readonly account: ResolvedAccount; readonly estimate: CostEstimate | null } | null> {
  try {
    const account = await resolveAccount(context, opened, tenant, identity?.account ?? null, 'sms');
    return { account, estimate: await costOf(context, opened, account) };
  } catch (error) {
    // That the set-up is not finished is said when something is to be sent.
    if (error instanceof ConfigurationError || error instanceof NotFoundError) return null;
    throw error;
  }
}

const REFUSALS: Readonly<Record<MessageRefusal, string>> = {
  country_not_allowed: 'The account does not send to this number’s country.',
  sender_not_allowed: 'This number’s country takes nothing from such a sender.',
};

function warningsOf({ costly = [], refusal, isTooLong }: MessageCost): readonly PreviewWarning[] {
  const warnings: PreviewWarning[] = [];
  if (refusal !== undefined) warnings.push({ code: refusal, message: REFUSALS[refusal] });
  if (costly.length > 0) {
    const characters = namedCharacters(costly, (count) => `${count} more`);
    const message = `Because of ${characters} it is sent as Unicode: a part holds 70 characters instead of 160.`;
    warnings.push({ code: 'sms_unicode', message, part: 'text' });
  }
  if (isTooLong === true) {
    const message = 'It is longer than the provider takes, and would be refused.';
    warnings.push({ code: 'sms_too_long', message, part: 'text' });
  }
  return warnings;
}
