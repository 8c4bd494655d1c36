import type { Report } from './report.ts';

/**
 * Reads what a provider posts to an account's webhook URL. Fails closed: what cannot be proven to come from the provider,
 * for this account, is `forged`.
 */
export interface WebhookReceiver<S extends object> {
  /** Media types of bodies that it reads; with others it is not asked. */
  readonly mediaTypes: readonly string[];
  /** It is not asked about longer ones. */
  readonly maxBodyBytes: number;
  /** Never throws for what the world sends. */
  receive(request: WebhookRequest, settings: S): Promise<WebhookReceipt>;
}

/** A request as it came in. */
export interface WebhookRequest {
  /** The account's public URL with the query of the request: what the provider was told to call, whatever proxies say. */
  readonly url: string;
  readonly headers: Headers;
  /** Byte by byte: signatures are over these. */
  readonly body: Uint8Array;
  /** In ms since the epoch: what asks how old a signature is reads no clock. */
  readonly receivedAt: number;
}

export type WebhookReceipt =
  /** Proven; with what the provider wants to hear, where that is more than "got it". */
  | { readonly status: 'received'; readonly reports: readonly Report[]; readonly answer?: WebhookAnswer }
  /** `reason` goes to the log, for the host's developer; the world hears nothing of it. */
  | { readonly status: 'forged' | 'malformed' | 'not_configured'; readonly reason: string };

export interface WebhookAnswer {
  readonly mediaType: string;
  readonly body: string;
}
