/** The most that leaves by one account: attempts within any such time (a month is 31 days), and messages to one address. */
export interface AccountLimits {
  readonly perSecond?: number | undefined;
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
  readonly perDay?: number | undefined;
  readonly perMonth?: number | undefined;
  /** Messages of one tenant to one address within 24 hours. One that would be more is skipped, as no wait mends it. */
  readonly perRecipientPerDay?: number | undefined;
}

/** A time within which attempts are counted. */
export type LimitPeriod = Exclude<keyof AccountLimits, 'perRecipientPerDay'>;

/** What an account has used of its limits: counts by short stretches of time, oldest first. Stored as it is. */
export type LimitUses = {
  readonly [P in LimitPeriod]?: readonly (readonly [stretch: number, count: number])[];
};
