import type { Adapter } from '@posthorn/core';
import { z } from 'zod';

/** Accepts everything at once and keeps nothing: what is left is Posthorn's own work. */
export function acceptingAdapter(): Adapter<Record<string, never>> {
  return {
    key: 'accepting',
    channel: 'email',
    settings: z.strictObject({}),
    secrets: [],
    platform: {},
    open: () => ({
      features: { maxBatch: 500, window: 500, attachments: true, reports: 'none', tracking: false },
      async send(batch, { onOutcome }) {
        for (const { messageId } of batch) onOutcome(messageId, { status: 'accepted' });
      },
      verify: async () => ({ ok: true, message: 'It takes everything.', steps: [] }),
      close: async () => undefined,
    }),
  };
}
