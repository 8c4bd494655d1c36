import { type RecordingAdapter, recordingAdapter } from '@posthorn/testing';

/** A recording adapter that notes when it was handed what. */
export interface TimedAdapter extends RecordingAdapter {
  /** When each message was handed over, oldest first. It grows. */
  readonly times: readonly number[];
  /** The most hand-overs within any such time. */
  most(windowMs: number): number;
}

export function timedAdapter(key: string): TimedAdapter {
  const adapter = recordingAdapter({ channel: 'email', key });
  const times: number[] = [];
  return {
    ...adapter,
    times,
    most: (windowMs) =>
      Math.max(0, ...times.map((end) => times.filter((at) => at > end - windowMs && at <= end).length)),
    open(settings, runtime) {
      const transport = adapter.open(settings, runtime);
      return {
        ...transport,
        send(batch, options) {
          times.push(...batch.map(() => runtime.clock.now()));
          return transport.send(batch, options);
        },
      };
    },
  };
}
