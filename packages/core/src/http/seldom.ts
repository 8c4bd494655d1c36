import type { Clock } from '../ports/index.ts';

const PAUSE_MS = 60_000;

/** Says a thing of a subject at most once a minute: whoever asks from outside must not fill the log. */
export type Seldom = (subject: string, say: () => void) => void;

export function createSeldom(clock: Clock): Seldom {
  const said = new Map<string, number>();
  return (subject, say) => {
    const now = clock.now();
    const last = said.get(subject);
    if (last !== undefined && now - last < PAUSE_MS) return;
    said.set(subject, now);
    say();
  };
}
