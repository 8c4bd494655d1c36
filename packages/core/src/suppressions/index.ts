export { addressKeyOf } from './address-key.ts';
export { createSuppressions } from './create-suppressions.ts';
export type {
  LiftInput,
  SuppressedAddress,
  Suppression,
  SuppressionInput,
  SuppressionListOptions,
  Suppressions,
} from './suppression.ts';
export { isReported, reportsSince, unsubscribedBy } from './unsubscribed-by.ts';
