import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aSegment } from './broadcast-records.ts';
import { NEIGHBOUR, NOON, TENANT } from './records.ts';

export const segmentLaws: readonly BackendLaw[] = [
  {
    name: 'segments: what is saved comes back, and saving again replaces it and keeps when it was made',
    async check({ open }) {
      const { store } = await open();
      await store.segments.save(aSegment());
      assert.deepEqual(await store.segments.get(TENANT, 'friday'), aSegment());
      const changed = { label: null, source: 'staff', query: { rules: [] }, updatedAt: NOON + 5 };
      await store.segments.save(aSegment({ ...changed, createdAt: NOON + 5 }));
      assert.deepEqual(await store.segments.get(TENANT, 'friday'), aSegment(changed));
      assert.equal(await store.segments.get(TENANT, 'monday'), undefined);
    },
  },
  {
    name: 'segments: listed by key, each tenant its own, and gone once removed',
    async check({ open }) {
      const { store } = await open();
      const [a, b, c] = ['a', 'b', 'c'].map((key) => aSegment({ key }));
      assert(a !== undefined && b !== undefined && c !== undefined);
      for (const segment of [c, a, b]) await store.segments.save(segment);
      await store.segments.save(aSegment({ tenant: NEIGHBOUR, key: 'b' }));
      assert.deepEqual(await store.segments.list(TENANT), [a, b, c]);
      assert.equal(await store.segments.remove(TENANT, 'b'), true);
      assert.equal(await store.segments.remove(TENANT, 'b'), false);
      assert.deepEqual(await store.segments.list(TENANT), [a, c]);
      assert.equal((await store.segments.list(NEIGHBOUR)).length, 1);
    },
  },
];
