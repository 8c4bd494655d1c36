/** What something cost. */
export interface Spent {
  readonly seconds: number;
  /** Of this process, in all its threads, user and system. */
  readonly cpuSeconds: number;
}

/** Starts; the function answers what has been spent since. */
export function startStopwatch(): () => Spent {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return { seconds: (performance.now() - startedAt) / 1e3, cpuSeconds: (user + system) / 1e6 };
  };
}
