export type { Account, AccountInput, AccountPauseReason, Accounts } from './account.ts';
export { checkAdapters } from './check-adapters.ts';
export { createAccounts } from './create-accounts.ts';
export { createTransports, type Transports } from './create-transports.ts';
export { resumeMendedPlatform } from './mend-account.ts';
export { pauseAccount } from './pause-account.ts';
export { type ResolvedAccount, resolveAccount } from './resolve-account.ts';
