/** The most attempts by one account within any such time. A month is 31 days. */
export interface AccountLimits {
  readonly perSecond?: number | undefined;
  readonly perMinute?: number | undefined;
  readonly perHour?: number | undefined;
  readonly perDay?: number | undefined;
  readonly perMonth?: number | undefined;
}

export type LimitPeriod = keyof AccountLimits;

/** What an account has used of its limits: counts by short stretches of time, oldest first. Stored as it is. */
export type LimitUses = {
  readonly [P in LimitPeriod]?: readonly (readonly [stretch: number, count: number])[];
};
