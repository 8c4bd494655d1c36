import type { Page } from '../cursor.ts';
import type { FieldType } from '../ports/index.ts';
import type { RecipientOperator, RecipientQuery } from './recipient-query.ts';

/** A recipient source that can be asked. */
export interface RecipientSourceSummary {
  readonly key: string;
  readonly label: string;
}

/**
 * What rules can ask of, in the form in which react-querybuilder's `fields` takes it (an interface would not fit
 * its types).
 */
export type RecipientField = {
  /** As rules name it: `city`, `reservation.date`, `email.status`. */
  name: string;
  label: string;
  /** The heading it stands under. */
  group?: string;
  type: FieldType;
  /** Those that fit it. */
  operators: { name: RecipientOperator; label: string }[];
  inputType?: 'text' | 'number' | 'date' | 'datetime-local';
  valueEditorType?: 'checkbox' | 'select';
  /** Where people choose a value instead of typing it. */
  values?: { name: string; label: string }[];
};

/** Somebody a query found. */
export interface FoundPerson {
  /** With `id`, whom `send` takes. */
  readonly source: string;
  readonly id: string;
  readonly name: string | null;
  /** As it stands at the source, also where it is none that can be written to. */
  readonly email: string | null;
  readonly phone: string | null;
  /** BCP 47: the tenant's where the source says none. */
  readonly locale: string;
}

/** Who is meant. */
export interface RecipientsWhere {
  /** Key of the recipient source. */
  readonly source: string;
  /** Everybody in it where nothing is said. */
  readonly where?: RecipientQuery | undefined;
}

/** What `recipients.list` answers. */
export interface RecipientListOptions extends RecipientsWhere {
  /** 1 to 500; 50 where nothing is said. */
  readonly limit?: number | undefined;
  /** `next` of the page before. */
  readonly cursor?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** What `recipients.count` counts. */
export interface RecipientCountOptions extends RecipientsWhere {
  /** Ends a count that takes too long. */
  readonly signal?: AbortSignal | undefined;
}

/** The host's customers, staff and guests: who can be asked for, and who is found. */
export interface Recipients {
  /** Those that can be asked, in the order in which `createPosthorn` was given them. */
  sources(): Promise<readonly RecipientSourceSummary[]>;
  /**
   * What can be asked of a source's recipients, for a user interface in the tenant's language: its own fields, those of
   * its relations, and the health of addresses.
   *
   * @throws NotFoundError `unknown_source`.
   * @throws InputError `invalid_input` for a source that cannot be asked.
   * @throws ConfigurationError `tenant_wall` for a source that cannot tell tenants apart, under `.tenant()`.
   */
  fields(source: string): Promise<RecipientField[]>;
  /**
   * A page of those who are meant, in the source's order. Where the query asks about the health of addresses, a page may
   * hold fewer than `limit`, even none, while there is a next one.
   *
   * @throws InputError `invalid_query` with the path, `invalid_cursor`, `invalid_input`.
   * @throws as `fields`; what the source throws; the signal's reason.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export async function whoComesOn(posthorn: Posthorn, day: string) {
   *   const where = { combinator: 'and', rules: [{ field: 'reservation.date', operator: '=', value: day }] };
   *   const { items } = await posthorn.recipients.list({ source: 'customers', where });
   *   return items.map(({ name }) => name);
   * }
   * ```
   */
  list(options: RecipientListOptions): Promise<Page<FoundPerson>>;
  /**
   * How many are meant: the source is read from end to end.
   *
   * @throws as `list`.
   */
  count(options: RecipientCountOptions): Promise<number>;
  /**
   * Who is meant, in words: `Customers whose City is Aarhus or Odense`. Names are those of the source's labels.
   *
   * @throws InputError `invalid_query` with the path, `invalid_input`.
   * @throws as `fields`.
   */
  describe(
    input: RecipientsWhere,
    options?: {
      /** BCP 47; Danish and English are spoken. The tenant's where nothing is said. */
      readonly locale?: string | undefined;
    },
  ): Promise<string>;
}
