export { ambiguousId, askForData, brokenSource } from './ask-source.ts';
export { checkDisplayName } from './display-name.ts';
export { checkEmailAddress } from './email-address.ts';
export { parseLocale, parseTimeZone } from './locale.ts';
export { normaliseAddress } from './normalise-address.ts';
export type { ParsedAddress } from './parsed-address.ts';
export { type Phones, phonesOf, readPhones } from './phones.ts';
export {
  type BareAddress,
  type BareRecipient,
  isGroup,
  type Recipient,
  type RecipientRef,
  type ResolvedRecipient,
} from './recipient.ts';
export { recipientKey } from './recipient-key.ts';
export {
  askForNamed,
  entriesOf,
  type NamedRecipient,
  readRecipient,
  resolveRecipients,
  sourceOf,
} from './resolve-recipients.ts';
export { createRowResolver } from './resolve-row.ts';
export { rowText } from './row-text.ts';
