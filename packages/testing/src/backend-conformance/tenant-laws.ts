import assert from 'node:assert/strict';
import type { Store, Turn } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
import { aBroadcast, aMailing, aPage, aSegment } from './broadcast-records.ts';
import { alter, scan, sendBroadcast, waitingJobs } from './broadcast-steps.ts';
import {
  aContent,
  aFact,
  aFile,
  aMessage,
  anAccount,
  anEvent,
  anId,
  anIdentity,
  aSuppression,
  NEIGHBOUR,
  NOON,
  queued,
  TENANT,
} from './records.ts';
import { begin, idsOf, sendOne, stored, wait } from './steps.ts';

const template = {
  tenant: TENANT,
  key: 'confirmation',
  label: null,
  identity: null,
  contentDays: null,
  createdAt: NOON,
  updatedAt: NOON,
};
const page = { limit: 10 };

/** Every read that takes a tenant, asked for what only another tenant has. */
const reads: Readonly<Record<string, (store: Store, ids: Ids) => Promise<unknown>>> = {
  'accounts.get': ({ accounts }) => accounts.get(NEIGHBOUR, 'own-server'),
  'accounts.list': ({ accounts }) => accounts.list(NEIGHBOUR),
  'identities.get': ({ identities }) => identities.get(NEIGHBOUR, 'email', 'salon'),
  'identities.defaultOf': ({ identities }) => identities.defaultOf(NEIGHBOUR, 'email'),
  'identities.contactOf': ({ identities }) => identities.contactOf(NEIGHBOUR),
  'identities.list': ({ identities }) => identities.list(NEIGHBOUR),
  'content.getTemplate': ({ content }) => content.getTemplate(NEIGHBOUR, 'confirmation'),
  'content.listTemplates': ({ content }) => content.listTemplates(NEIGHBOUR),
  'content.listVersions': ({ content }) => content.listVersions(NEIGHBOUR, 'confirmation'),
  'content.getVersion': ({ content }) => content.getVersion(NEIGHBOUR, 'confirmation', 1),
  'content.getVersion, the current one': ({ content }) => content.getVersion(NEIGHBOUR, 'confirmation'),
  'content.getVersionById': ({ content }, { version }) => content.getVersionById(NEIGHBOUR, version),
  'content.versionNumbers': async ({ content }, { version }) => [
    ...(await content.versionNumbers(NEIGHBOUR, [version])),
  ],
  'content.skeletonsOf': ({ content }, { version }) => content.skeletonsOf(NEIGHBOUR, version),
  'content.getSkeleton': ({ content }, { skeleton }) => content.getSkeleton(NEIGHBOUR, skeleton),
  'content.getSkeletons': async ({ content }, { skeleton }) => [
    ...(await content.getSkeletons(NEIGHBOUR, [skeleton])),
  ],
  'content.knownFiles': async ({ content }, { file }) => [...(await content.knownFiles(NEIGHBOUR, [file]))],
  'content.getFile': ({ content }, { file }) => content.getFile(NEIGHBOUR, aFile(file)),
  'suppressions.find': async ({ suppressions }) => [
    ...(await suppressions.find(NEIGHBOUR, 'email', ['anna'])),
  ],
  'suppressions.history': ({ suppressions }) => suppressions.history(NEIGHBOUR, 'email', 'anna'),
  'suppressions.list': ({ suppressions }) => suppressions.list(NEIGHBOUR, undefined, page),
  'messages.findKey': ({ messages }) => messages.findKey(NEIGHBOUR, 'booking-1'),
  'messages.get': ({ messages }, { message }) => messages.get(NEIGHBOUR, [message]),
  'messages.list': ({ messages }) => messages.list(NEIGHBOUR, {}, page),
  'messages.list by status': ({ messages }) => messages.list(NEIGHBOUR, { status: ['queued'] }, page),
  'messages.list by outcome': ({ messages }) => messages.list(NEIGHBOUR, { status: ['bounced'] }, page),
  'messages.list by broadcast': ({ messages }, { broadcast }) =>
    messages.list(NEIGHBOUR, { broadcast }, page),
  'messages.events': ({ messages }, { message }) => messages.events(NEIGHBOUR, message),
  'messages.resendsOf': ({ messages }, { message }) => messages.resendsOf(NEIGHBOUR, message),
  'segments.get': ({ segments }) => segments.get(NEIGHBOUR, 'friday'),
  'segments.list': ({ segments }) => segments.list(NEIGHBOUR),
  'broadcasts.get': ({ broadcasts }, { broadcast }) => broadcasts.get(NEIGHBOUR, broadcast),
  'broadcasts.list': ({ broadcasts }) => broadcasts.list(NEIGHBOUR, page),
  'broadcasts.counts': async ({ broadcasts }, { broadcast }) =>
    Object.keys(await broadcasts.counts(NEIGHBOUR, broadcast)),
  'broadcasts.messageIds': ({ broadcasts }, { broadcast }) =>
    broadcasts.messageIds(NEIGHBOUR, broadcast, ['queued'], { ...page, after: null }),
};

interface Ids {
  readonly version: string;
  readonly skeleton: string;
  readonly file: string;
  readonly message: string;
  readonly broadcast: string;
}

/** One law a read, so that each of them is proven. */
const readLaws: readonly BackendLaw[] = Object.entries(reads).map(([name, read]) => ({
  name: `tenants: ${name} shows nothing of a neighbour`,
  async check({ open }) {
    const { store } = await open();
    const ids = await furnish(store);
    const found = await read(store, ids);
    assert.deepEqual(found ?? [], []);
  },
}));

export const tenantLaws: readonly BackendLaw[] = [
  ...readLaws,
  {
    name: 'tenants: a transition finds no message of a neighbour',
    async check({ open }) {
      const opened = await open();
      const { message } = await sendOne(opened);
      const event = { ...anEvent(message, 'bounced'), tenant: NEIGHBOUR };
      const [result] = await opened.store.messages.transition(NEIGHBOUR, [aFact(event)]);
      assert.equal(result?.status, 'missing');
      assert.equal((await stored(opened.store, message)).delivery.outcome, null);
      assert.deepEqual(await opened.store.messages.events(TENANT, message.id), []);
    },
  },
  {
    name: 'tenants: keys, names and addresses that are alike stay apart',
    async check({ open }) {
      const opened = await open();
      const { store } = opened;
      await store.suppressions.add(aSuppression({ tenant: NEIGHBOUR }));
      const { message, job } = await sendOne(opened);
      assert.deepEqual(
        await begin(store, job, 'token'),
        [message.id],
        'a neighbour’s suppression stops nobody',
      );
      await store.suppressions.add(aSuppression());
      await store.suppressions.lift(NEIGHBOUR, 'email', 'anna', {}, NOON);
      assert.equal((await store.suppressions.find(TENANT, 'email', ['anna'])).size, 1);
    },
  },
  {
    name: 'tenants: a neighbour changes nothing of a broadcast or a segment',
    async check({ open }) {
      const { store } = await open();
      await store.segments.save(aSegment());
      assert.equal(await store.segments.remove(NEIGHBOUR, 'friday'), false);
      assert.deepEqual(await store.segments.get(TENANT, 'friday'), aSegment());
      const broadcast = aBroadcast();
      await store.broadcasts.add(broadcast, [], []);
      const change = { state: 'sending', pausedAt: NOON } as const;
      assert.equal(await store.broadcasts.change(NEIGHBOUR, broadcast.id, ['listing'], change, []), false);
      const foreign = { ...broadcast, tenant: NEIGHBOUR };
      const page = aPage(foreign, [aMailing(foreign, anId())]);
      assert.equal(await store.broadcasts.addPage(page), 'moved_on');
      assert.deepEqual(await store.broadcasts.get(TENANT, broadcast.id), broadcast);
    },
  },
  {
    name: 'tenants: broadcasts whose ids are alike stay apart, with their people, counts and pauses',
    async check(bench) {
      const opened = await bench.open();
      const { store } = opened;
      const id = anId();
      const anna = { recipient: { source: 'customers', id: '1' } };
      const own = await sendBroadcast(opened, { id, size: 1 }, anna);
      const foreign = await sendBroadcast(opened, { id, size: 1, tenant: NEIGHBOUR, pausedAt: NOON }, anna);
      assert.equal((await scan(store)).queued, 1, 'the neighbour’s pause is no other’s');
      await alter(store, foreign.broadcast, { pausedAt: null });
      assert.equal((await scan(store)).queued, 1);
      const wanted: Turn['begin'][number][] = [];
      for (const job of await waitingJobs(bench, opened)) {
        const { rows } = await store.deliveries.lease(job, 'token', NOON, anId);
        wanted.push(
          ...rows.map(({ message: { tenant, id: messageId } }) => ({ tenant, messageId, token: 'token' })),
        );
      }
      // Both leave by the platform's account, so one turn begins them.
      await store.deliveries.turn({ now: NOON, limits: null, settle: [], begin: wanted, newEventId: anId });
      for (const [tenant, { ids }] of [
        [TENANT, own],
        [NEIGHBOUR, foreign],
      ] as const) {
        assert.deepEqual(await store.broadcasts.counts(tenant, id), { sending: 1 });
        assert.deepEqual(idsOf(await store.messages.list(tenant, { broadcast: id }, page)), ids);
        const found = await store.broadcasts.messageIds(tenant, id, ['sending'], { ...page, after: null });
        assert.deepEqual(found, ids);
      }
      await alter(store, foreign.broadcast, { state: 'canceled' });
      assert.equal((await store.broadcasts.get(TENANT, id))?.state, 'sending');
    },
  },
];

/** Something of everything. */
async function furnish(store: Store): Promise<Ids> {
  await store.accounts.save(anAccount());
  await store.identities.save(anIdentity());
  await store.suppressions.add(aSuppression());
  const content = aContent();
  const version = await store.content.saveTemplate(template, content);
  const message = aMessage();
  const key = { key: 'booking-1', inputHash: 'hash' };
  const batch = {
    tenant: TENANT,
    key,
    content: [],
    files: [],
    jobs: [],
    now: NOON,
    messages: [queued(message)],
  };
  await store.messages.enqueue(batch);
  await wait(store, queued(aMessage({ id: anId(), resendOf: message.id })));
  await store.messages.transition(TENANT, [aFact(anEvent(message, 'deferred'))]);
  const bounced = aMessage();
  await wait(store, queued(bounced));
  await store.messages.transition(TENANT, [aFact(anEvent(bounced, 'bounced'))]);
  await store.segments.save(aSegment());
  const { broadcast } = await sendBroadcast({ store });
  const [skeleton] = content.skeletons;
  assert(skeleton !== undefined);
  return {
    version: version.id,
    skeleton: skeleton.skeleton.id,
    file: `file of ${content.version.contentHash}`,
    message: message.id,
    broadcast: broadcast.id,
  };
}
