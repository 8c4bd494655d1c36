import type { RecipientQuery } from '../queries/index.ts';
import type { Recipient } from '../recipients/index.ts';

/** Several of the host's own: everybody of a saved segment, or everybody in a source who fulfils a query. */
export type RecipientGroup =
  | { readonly segment: string }
  | { readonly source: string; readonly where: RecipientQuery };

/** One recipient, a group, or several of both. */
export type To = Recipient | RecipientGroup | readonly (Recipient | RecipientGroup)[];
