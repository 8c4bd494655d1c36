export { redactEvent, redactFailure, withoutPeople, withoutSamples } from './redact.ts';
export {
  type RetentionOptions,
  retentionDaysSchema,
  retentionOptionsSchema,
} from './retention-options.ts';
