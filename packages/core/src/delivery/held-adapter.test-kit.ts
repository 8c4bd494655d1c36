import { z } from 'zod';
import type { Adapter, Outcome, SendOptions, TransportFeatures } from '../ports/index.ts';

/** An adapter whose other side answers when the test says so. */
export interface HeldAdapter extends Adapter<Record<string, never>> {
  /** What has been handed over and not answered, by recipient, oldest first. */
  readonly waiting: string[];
  /** The most that ever waited. */
  readonly most: () => number;
  /** The sizes of the batches. */
  readonly batches: number[];
  /** Answers one; without a name the oldest. */
  answer(to?: string, outcome?: Outcome): void;
}

/** `onAbort`: what a recalled transport says of what it has in hand; nothing where it is not given. */
export function heldAdapter(
  features: Partial<TransportFeatures> = {},
  onAbort?: Outcome,
  key = 'held',
): HeldAdapter {
  const waiting: string[] = [];
  const batches: number[] = [];
  const answers = new Map<string, (outcome: Outcome) => void>();
  let most = 0;

  const hold = (to: string, messageId: string, { onOutcome, signal }: SendOptions): Promise<void> =>
    new Promise((resolve) => {
      waiting.push(to);
      most = Math.max(most, waiting.length);
      const answer = (outcome: Outcome): void => {
        waiting.splice(waiting.indexOf(to), 1);
        answers.delete(to);
        onOutcome(messageId, outcome);
        resolve();
      };
      answers.set(to, answer);
      if (onAbort !== undefined) signal.addEventListener('abort', () => answer(onAbort));
    });

  return {
    key,
    channel: 'email',
    settings: z.object({}),
    secrets: [],
    platform: {},
    waiting,
    batches,
    most: () => most,
    answer(to = waiting[0] ?? '', outcome = { status: 'accepted' }) {
      answers.get(to)?.(outcome);
    },
    open: () => ({
      features: { maxBatch: 5, window: 5, attachments: true, reports: 'none', tracking: false, ...features },
      async send(batch, options) {
        batches.push(batch.length);
        await Promise.all(
          batch.map((envelope) => {
            if (envelope.channel !== 'email') throw new Error('Only emails are held.');
            return hold(envelope.to.address, envelope.messageId, options);
          }),
        );
      },
      verify: async () => ({ ok: true, message: '', steps: [] }),
      close: async () => undefined,
    }),
  };
}
