/**
 * What the processes on one database tell each other as it happens. Nothing waits for it and nothing is kept: whoever does
 * not listen in that moment, or whose connection is lost, misses it.
 */
export interface Bulletin {
  /** Tells the other processes, soon, several together. Never in a transaction, never throws; what cannot be told is lost. */
  tell(news: string): void;
  /** Who is called with what others told, in their order, and never with what was told here. */
  hear(listener: (news: readonly string[]) => void): void;
}
