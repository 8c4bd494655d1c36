export { askableSource } from './askable-source.ts';
export { checkQuery } from './check-query.ts';
export { anyOf, type CheckedQuery, everybody, idsQuery } from './checked-query.ts';
export { createRecipients } from './create-recipients.ts';
export { describeQuery } from './describe-query.ts';
export { findPage, type RecipientPage, type WantedRecipients } from './find-page.ts';
export type { RecipientOperator, RecipientQuery, RecipientRule } from './recipient-query.ts';
export type {
  FoundPerson,
  RecipientCountOptions,
  RecipientField,
  RecipientListOptions,
  RecipientSourceSummary,
  Recipients,
  RecipientsWhere,
} from './recipients.ts';
