/** What a provider told of an address; the marks that providers make and end are folded from these. */
export interface AddressReportRow {
  tenant: string;
  channel: string;
  address_key: string;
  id: string;
  type: string;
  list: string | null;
  occurred_at: number;
  recorded_at: number;
  address: string | null;
  evidence: string;
}

/** What a provider told of none of our messages. */
export interface UnmatchedReportRow {
  account_tenant: string;
  account: string;
  id: string;
  received_at: number;
  /** JSON, without its token. */
  report: string;
}
