/** What is to go, and when it is. */
export interface RetentionRules {
  readonly now: number;
  /** Finished messages whose last time is before this go; null: they stay. */
  readonly messagesBefore: number | null;
  /** What people a plan names as samples is forgotten of plans made before this. */
  readonly samplesBefore: number;
  /** Reports that belong to no message go if they came before this. */
  readonly unmatchedBefore: number;
  /** Text messages whose slots hold this have a link by which their recipient unsubscribes: it must go on working. */
  readonly linkMark: string;
  /** The next pass begins so much later than this one ends. */
  readonly pauseMs: number;
  /** About how many rows one step looks at: it decides how long it holds the database. */
  readonly limit: number;
}

/** What one step did. */
export interface RetentionStep {
  /** Messages whose content went. */
  readonly redacted: number;
  /** Messages that went. */
  readonly removed: number;
  /** When the next pass is due; null while this one has not come to its end. */
  readonly nextAt: number | null;
}

/** Old data goes in passes of many small steps; any process can do the next one. */
export interface RetentionStore {
  /** When a pass is due; what has begun is due at once, as is what never was done. Reads only. */
  dueAt(now: number, pauseMs: number): Promise<number>;
  /**
   * The next step of a pass, where one is due: one transaction, and one process at a time.
   *
   * - The content of messages whose template has `contentDays` goes that many days after they were to leave (or were made),
   *   once they are done and not in doubt (`redactEvent`, `redactFailure` say what of their events stays).
   * - Messages that are done and not in doubt go, with all that belongs to them; their idempotency keys, once all of a
   *   call's messages have gone. Of broadcasts that have no messages any more the record and the counts stay, and neither
   *   is left where nothing was ever sent.
   * - Ad-hoc content and files that nobody uses go a day later.
   */
  step(rules: RetentionRules): Promise<RetentionStep>;
  /** Whose link it is that stands in a text message which has gone. */
  shortLink(messageId: string): Promise<{ readonly tenant: string; readonly addressKey: string } | undefined>;
}
