/** A person (or role) that the host knows, in the host's own words. */
export interface SourceRecipient {
  readonly id: string;
  readonly name?: string | undefined;
  readonly email?: string | undefined;
  readonly phone?: string | undefined;
  /** BCP 47: `da-DK`. */
  readonly locale?: string | undefined;
  /** IANA: `Europe/Copenhagen`. */
  readonly timeZone?: string | undefined;
}

/** Whose recipients are asked for. `scoped` is false for a host with one company, which never names a tenant. */
export interface SourceScope {
  readonly tenant: string;
  readonly scoped: boolean;
}

/** The host's customers, staff or guests. */
export interface RecipientSource {
  readonly label: string;
  /** Whether rows can be told apart by tenant; a source that can't is refused under `.tenant()`. */
  readonly tenantAware: boolean;
  /** Those of `ids` that exist within the scope, in any order. */
  byIds(ids: readonly string[], scope: SourceScope): Promise<readonly SourceRecipient[]>;
  /** Tag values for these recipients, by id. */
  data?(
    ids: readonly string[],
    scope: SourceScope,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
}
