export {
  type ArrayRecipientsOptions,
  arrayRecipients,
  type RecipientData,
  type RowColumn,
} from './array-recipients.ts';
export { checkDisplayName } from './display-name.ts';
export { checkEmailAddress } from './email-address.ts';
export { parseLocale, parseTimeZone } from './locale.ts';
export { normaliseAddress } from './normalise-address.ts';
export type { ParsedAddress } from './parsed-address.ts';
export { checkPhoneNumber, parsePhone } from './phone-number.ts';
export type {
  BareAddress,
  BareRecipient,
  Recipient,
  RecipientRef,
  ResolvedRecipient,
  To,
} from './recipient.ts';
export { resolveRecipients } from './resolve-recipients.ts';
