/** A message that was not finished when its content was to go, or was to leave later. */
export interface LateRedactionRow {
  message_id: string;
  tenant: string;
  template: string;
  /** Looked at again then. */
  check_at: number;
}

/** What the link in a text message needs once the message is removed. */
export interface ShortLinkRow {
  message_id: string;
  tenant: string;
  address_key: string;
}

/**
 * Something that was found to be used by nobody. It goes a day later if that still is so: whoever has just found it in the
 * store has the time to write that it is used. Whoever looks for it finds it no more, and brings it along again.
 */
export interface LooseRow {
  tenant: string;
  kind: 'content' | 'skeleton' | 'file';
  /** Hash of an ad-hoc content, id of a skeleton, hash of a file. */
  key: string;
  since: number;
}

/** Who needs a file: a single message, a broadcast for all of its messages, or a skeleton. */
export interface FileUseRow {
  tenant: string;
  hash: string;
  used_by: string;
}

/** What is done every now and then, by one process at a time. */
export interface UpkeepRow {
  name: string;
  due_at: number;
  /** JSON: where it goes on; null between two passes. */
  place: string | null;
}
