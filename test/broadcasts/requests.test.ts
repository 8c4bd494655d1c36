import type { AnyAdapter, Transport } from '@posthorn/core';
import { recordingAdapter } from '@posthorn/testing';
import { expect, it } from 'vitest';
import { everybody, LETTER, openHall } from './hall.test-kit.ts';

/** A provider that takes a thousand messages in a request, and what each request held. */
function wholesaler() {
  const features = { maxBatch: 1_000, window: 1_000 };
  const adapter = recordingAdapter({ channel: 'email', key: 'wholesale', features });
  const requests: string[][] = [];
  const listening: AnyAdapter = {
    ...adapter,
    chunkSize: 1_000,
    open(settings, runtime): Transport {
      const transport = adapter.open(settings as never, runtime);
      return {
        ...transport,
        send(batch, options) {
          requests.push(batch.map(({ messageId }) => messageId));
          return transport.send(batch, options);
        },
      };
    },
  };
  return { adapter: listening, requests };
}

it('2,500 people are three requests to a provider that takes a thousand at once', async () => {
  const { adapter, requests } = wholesaler();
  const hall = await openHall({ members: 2_500, adapters: [adapter] });
  await hall.posthorn.identities.save({
    key: 'club',
    channel: 'email',
    address: 'club@example.dk',
    account: 'wholesale',
    default: true,
  });
  const { id } = await hall.posthorn.broadcasts.plan({ to: everybody, ...LETTER });
  await hall.posthorn.broadcasts.start(id);
  await hall.settled();
  expect(requests.map(({ length }) => length)).toEqual([1_000, 1_000, 500]);
  expect(new Set(requests.flat()).size).toBe(2_500);
  expect(await hall.look(id)).toMatchObject({ status: 'finished', counts: { accepted: 2_500 } });
});
