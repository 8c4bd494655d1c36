/** What a process that sends by a provider is told. */
export interface ProviderJob {
  readonly port: number;
  /** Messages sent before the clock starts. */
  readonly warmUp: number;
  readonly messages: number;
  /** Requests at once, where the process decides it. */
  readonly concurrency: number;
  /** Messages in a request, where the process decides it. */
  readonly perRequest: number;
}

/** Does so many pieces of work, so many at once. */
export async function runAtOnce<T>(
  concurrency: number,
  items: readonly T[],
  run: (item: T) => Promise<unknown>,
): Promise<void> {
  const waiting = items.values();
  const runNext = async (): Promise<void> => {
    for (const item of waiting) await run(item);
  };
  await Promise.all(Array.from({ length: concurrency }, runNext));
}
