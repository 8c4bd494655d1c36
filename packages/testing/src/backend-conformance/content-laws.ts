import assert from 'node:assert/strict';
import type { BackendLaw } from './backend-harness.ts';
import { aBatch, aContent, aFile, aMessage, NEIGHBOUR, NOON, queued, TENANT } from './records.ts';
import { stored } from './steps.ts';

const confirmation = {
  tenant: TENANT,
  key: 'confirmation',
  label: 'Confirmation',
  identity: 'salon',
  contentDays: null,
  createdAt: NOON,
  updatedAt: NOON,
};

export const contentLaws: readonly BackendLaw[] = [
  {
    name: 'templates: each new content is the next version, the same again is not, and old ones stay as they were',
    async check({ open }) {
      const { store } = await open();
      const [first, second] = [aContent({ contentHash: 'one' }), aContent({ contentHash: 'two' })];
      const saved = await store.content.saveTemplate(confirmation, first);
      assert.deepEqual(saved, { ...first.version, template: 'confirmation', number: 1 });
      const again = await store.content.saveTemplate(
        { ...confirmation, label: 'New' },
        aContent({ contentHash: 'one' }),
      );
      assert.deepEqual(again, saved);
      assert.equal((await store.content.getTemplate(TENANT, 'confirmation'))?.label, 'New');
      assert.equal((await store.content.saveTemplate(confirmation, second)).number, 2);
      assert.equal((await store.content.getVersion(TENANT, 'confirmation'))?.contentHash, 'two');
      assert.deepEqual(await store.content.getVersion(TENANT, 'confirmation', 1), saved);
      const numbers = (await store.content.listVersions(TENANT, 'confirmation')).map(({ number }) => number);
      assert.deepEqual(numbers, [2, 1]);
      assert.deepEqual(await store.content.getVersionById(TENANT, saved.id), saved);
      const [newest] = await store.content.listVersions(TENANT, 'confirmation');
      assert.deepEqual(
        await store.content.versionNumbers(TENANT, [saved.id, 'unknown', newest?.id ?? '']),
        new Map([
          [saved.id, 1],
          [newest?.id, 2],
        ]),
      );
    },
  },
  {
    name: 'templates: two saves at once make two versions',
    async check({ open }) {
      const { store } = await open();
      const contents = ['one', 'two', 'three'].map((contentHash) => aContent({ contentHash }));
      await Promise.all(contents.map((content) => store.content.saveTemplate(confirmation, content)));
      const numbers = (await store.content.listVersions(TENANT, 'confirmation')).map(({ number }) => number);
      assert.deepEqual(numbers, [3, 2, 1]);
    },
  },
  {
    name: 'templates: a removed one is not listed, its versions stay, and saving brings it back',
    async check({ open }) {
      const { store } = await open();
      const content = aContent();
      await store.content.saveTemplate(confirmation, content);
      assert.equal(await store.content.removeTemplate(TENANT, 'confirmation', NOON + 1), true);
      assert.equal(await store.content.removeTemplate(TENANT, 'confirmation', NOON + 2), false);
      assert.deepEqual(await store.content.listTemplates(TENANT), []);
      assert.equal((await store.content.listVersions(TENANT, 'confirmation')).length, 1);
      await store.content.saveTemplate({ ...confirmation, updatedAt: NOON + 3 }, content);
      assert.deepEqual(await store.content.listTemplates(TENANT), [
        { ...confirmation, updatedAt: NOON + 3, currentVersion: 1, removedAt: null },
      ]);
    },
  },
  {
    name: 'content: a version has its skeletons in order, each with its own Liquid and its files',
    async check({ open }) {
      const { store } = await open();
      const content = aContent({}, ['en', 'da']);
      const version = await store.content.saveTemplate(confirmation, content);
      assert.deepEqual(await store.content.skeletonsOf(TENANT, version.id), content.skeletons);
      // Another version whose fixed text is the same, while the Liquid in its holes is not.
      const [skeleton] = content.skeletons;
      assert(skeleton !== undefined);
      const other = { ...skeleton, compiled: { html: '<p>Hej {{ other }}</p>' } };
      const next = aContent({ contentHash: 'other' });
      const { id } = await store.content.saveTemplate(confirmation, { ...next, skeletons: [other] });
      assert.deepEqual(await store.content.skeletonsOf(TENANT, id), [other]);
      assert.deepEqual(await store.content.getSkeleton(TENANT, skeleton.skeleton.id), skeleton.skeleton);
      const ids = content.skeletons.map(({ skeleton: { id } }) => id);
      assert.deepEqual(
        await store.content.getSkeletons(TENANT, [...ids, 'unknown']),
        new Map(content.skeletons.map((each) => [each.skeleton.id, each.skeleton])),
      );
    },
  },
  {
    name: 'content: files come back byte for byte, under the name they are asked for by',
    async check({ open }) {
      const { store } = await open();
      const file = aFile('abc');
      await store.messages.enqueue(aBatch([queued(aMessage())], { files: [file, file] }));
      const { content, ...ref } = file;
      const found = await store.content.getFile(TENANT, { ...ref, filename: 'other.png' });
      assert.equal(found?.filename, 'other.png');
      assert.deepEqual([...(found?.content ?? [])], [...content]);
      assert.deepEqual(await store.content.knownFiles(TENANT, ['abc', 'unknown']), new Set(['abc']));
    },
  },
  {
    name: 'content: an ad-hoc composition is stored once, and its messages point to the one that is stored',
    async check({ open }) {
      const { store } = await open();
      const [first, second] = [aContent(), aContent()];
      assert.notEqual(first.version.id, second.version.id);
      for (const content of [first, second]) {
        const message = aMessage({ template: null, versionId: content.version.id });
        await store.messages.enqueue(aBatch([queued(message)], { content: [content] }));
        assert.equal((await stored(store, message)).message.versionId, first.version.id);
      }
      const found = await store.content.findAdHocVersion(TENANT, first.version.contentHash);
      assert.deepEqual(found, first.version);
      assert.deepEqual(await store.content.skeletonsOf(TENANT, first.version.id), first.skeletons);
      assert.equal(await store.content.findAdHocVersion(NEIGHBOUR, first.version.contentHash), undefined);
    },
  },
];
