export {
  type ArrayField,
  type ArrayRecipientsOptions,
  type ArrayRelation,
  arrayRecipients,
  type RelatedField,
  type RowColumn,
} from './array-recipients.ts';
export type { SqlQuery } from './ask-database.ts';
export type { RecipientData, RecipientDataFetcher } from './source-options.ts';
export type { StoredMoment } from './sql-dialect.ts';
export type { SqlParameter } from './sql-fragment.ts';
export type { SqlField, SqlRecipientsOptions, SqlRelation } from './sql-options.ts';
export { sqlRecipients } from './sql-recipients.ts';
