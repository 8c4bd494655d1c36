import type { Condition } from './condition.ts';

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
  /** What queries may ask about a recipient, by name. None where nothing is said. */
  readonly fields?: SourceFields | undefined;
  /** What a recipient may have several of, by name; asked about as `reservation.date`. */
  readonly relations?: Readonly<Record<string, SourceRelation>> | undefined;
  /** Those of `ids` that exist within the scope, in any order. */
  byIds(ids: readonly string[], scope: SourceScope): Promise<readonly SourceRecipient[]>;
  /**
   * A page of those within the scope who fulfil a condition, each once, in the order of the cursor. A source without it
   * can be sent to by id, and not be asked.
   */
  find?(question: SourceQuestion, scope: SourceScope): Promise<SourcePage>;
  /** Tag values for these recipients, by id. */
  data?(
    ids: readonly string[],
    scope: SourceScope,
  ): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
}

export interface SourceQuestion {
  readonly where: Condition;
  /** Whether these hold is answered beside each recipient, in this order. */
  readonly probes: readonly Condition[];
  /** `next` of the page before; null for the first. */
  readonly after: string | null;
  /** The most recipients of the page. */
  readonly limit: number;
}

export interface SourcePage {
  readonly recipients: readonly FoundRecipient[];
  /** Where the next page begins; null where there is none. It changes with every page. */
  readonly next: string | null;
}

export interface FoundRecipient extends SourceRecipient {
  /** The answers to the question's probes; may be left out where it has none. */
  readonly probes?: readonly boolean[] | undefined;
}

export type SourceFields = Readonly<Record<string, SourceField>>;

/** What a field's value is. `date` is a calendar day, whatever the zone; `datetime` is a moment. */
export type FieldType = 'text' | 'number' | 'boolean' | 'date' | 'datetime';

/** A field as people choose it. */
export interface SourceField {
  readonly type: FieldType;
  /** What people call it: `By`. */
  readonly label: string;
  /** The heading it stands under: `Kunde`. */
  readonly group?: string | undefined;
  /** The values there are, where they are few: people choose instead of typing. */
  readonly values?: readonly FieldValue[] | undefined;
}

export interface FieldValue {
  readonly value: string;
  readonly label: string;
}

export interface SourceRelation {
  readonly label: string;
  readonly fields: SourceFields;
}
