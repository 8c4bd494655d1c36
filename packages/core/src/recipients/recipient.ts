import { z } from 'zod';
import type { ParsedAddress } from './parsed-address.ts';

/** One of the host's own: the key of a recipient source, and the id there. */
export interface RecipientRef {
  readonly source: string;
  readonly id: string;
}

/** An address that no source knows. At least one of `email` and `phone`. */
export type BareRecipient = BareAddress & {
  readonly name?: string | undefined;
  /** BCP 47: `da-DK`. The tenant's where nothing is said. */
  readonly locale?: string | undefined;
  /** IANA: `Europe/Copenhagen`. The tenant's where nothing is said. */
  readonly timeZone?: string | undefined;
};

/** Where a bare recipient is reached. */
export type BareAddress =
  | { readonly email: string; readonly phone?: string | undefined }
  | { readonly phone: string; readonly email?: string | undefined };

/** Whom a message is for. */
export type Recipient = RecipientRef | BareRecipient;

/** A recipient with everything a message needs to know. */
export interface ResolvedRecipient {
  /** Null for a bare address. */
  readonly recipient: RecipientRef | null;
  /** Where it stood in the input: `to`, `to[3]`. */
  readonly path: string;
  /** On one line. */
  readonly name: string | null;
  /** Null where the recipient has none; not `ok` where the host's data holds a malformed one. */
  readonly email: ParsedAddress | null;
  /**
   * Not read yet, as that takes longer than all the rest, and who writes emails needs no numbers: as it stands at the
   * source. Of a bare recipient as it was read: E.164, or as it was given where it is a landline.
   */
  readonly phone: string | null;
  readonly locale: string;
  readonly timeZone: string;
  /** Tag values from the source. */
  readonly data: Readonly<Record<string, unknown>>;
}

/** Whether an entry of a `to` means several at once: `{ segment }`, `{ source, where }`. */
export function isGroup(value: unknown): value is object {
  return typeof value === 'object' && value !== null && ('segment' in value || 'where' in value);
}

const WHICH = 'is missing: `id` names one of the source, `where` a group of them';

export const refSchema = z.strictObject({
  source: z.string().min(1),
  id: z
    .string({ error: ({ input }) => (input === undefined ? WHICH : undefined) })
    .min(1)
    .max(255),
});

const WHOM = 'must say whom: { email }, { phone } or { source, id }';

export const bareSchema = z
  .strictObject(
    {
      email: z.unknown(),
      phone: z.unknown(),
      name: z.string().max(1000).optional(),
      locale: z.string().optional(),
      timeZone: z.string().optional(),
    },
    { error: ({ code }) => (code === 'invalid_type' ? WHOM : undefined) },
  )
  .partial();
