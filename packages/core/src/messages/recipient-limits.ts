import type { RecipientLimit } from '../ports/index.ts';
import type { Draft } from './draft.ts';
import { dayAround } from './recipient-cap.ts';

/** What the store is to count again as it writes: of two calls at once, neither sees the other's messages before. */
export function recipientLimits(drafts: readonly Draft[]): readonly RecipientLimit[] {
  const byAccount = Map.groupBy(
    drafts.filter(({ skip, account }) => skip === null && account.limits?.perRecipientPerDay !== undefined),
    ({ account }) => account,
  );
  return [...byAccount].flatMap(([{ key: account, tenant: accountTenant, limits }, [first, ...more]]) => {
    const most = limits?.perRecipientPerDay;
    if (first === undefined || most === undefined) return [];
    const keys = [first, ...more].map(({ message }) => message.addressKey).filter((key) => key !== null);
    const { sendAt, createdAt } = first.message;
    const addressKeys = [...new Set(keys)];
    return [{ account, accountTenant, addressKeys, ...dayAround(sendAt ?? createdAt), most }];
  });
}
