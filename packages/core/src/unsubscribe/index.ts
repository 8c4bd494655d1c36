export { checkBulkHeaders } from './check-bulk-headers.ts';
export { type OptOut, optOutOf } from './opt-out.ts';
export { readLink, type UnsubscribeLink } from './read-link.ts';
export { resubscribeAddress } from './resubscribe-address.ts';
export { unsubscribeAddress } from './unsubscribe-address.ts';
export { outgoingHeaders } from './unsubscribe-headers.ts';
export { SHORT_UNSUBSCRIBE_PATH, UNSUBSCRIBE_PATH, unsubscribeUrl } from './unsubscribe-link.ts';
export {
  exampleUnsubscribeUrl,
  UNSUBSCRIBE_SLOT,
  withExampleLink,
  withUnsubscribeLink,
} from './unsubscribe-slot.ts';
export { makeUnsubscribeToken } from './unsubscribe-token.ts';
