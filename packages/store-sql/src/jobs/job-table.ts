/** The embedded queue. */
export interface JobRow {
  id: string;
  kind: string;
  tenant: string;
  account: string;
  account_tenant: string;
  chunk: string;
  priority: number;
  /** Not before this time; 0 until it was given back. */
  available_at: number;
  /** How often it was given back by a handler that failed. */
  failures: number;
  lease_token: string | null;
  lease_owner: string | null;
  lease_until: number | null;
}
