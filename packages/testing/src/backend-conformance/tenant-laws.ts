import assert from 'node:assert/strict';
import type { Store } from '@posthorn/core';
import type { BackendLaw } from './backend-harness.ts';
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
import { begin, sendOne, stored, wait } from './steps.ts';

const template = {
  tenant: TENANT,
  key: 'confirmation',
  label: null,
  identity: null,
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
  'content.skeletonsOf': ({ content }, { version }) => content.skeletonsOf(NEIGHBOUR, version),
  'content.getSkeleton': ({ content }, { skeleton }) => content.getSkeleton(NEIGHBOUR, skeleton),
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
  'messages.events': ({ messages }, { message }) => messages.events(NEIGHBOUR, message),
  'messages.resendsOf': ({ messages }, { message }) => messages.resendsOf(NEIGHBOUR, message),
};

interface Ids {
  readonly version: string;
  readonly skeleton: string;
  readonly file: string;
  readonly message: string;
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
  const [skeleton] = content.skeletons;
  assert(skeleton !== undefined);
  return {
    version: version.id,
    skeleton: skeleton.skeleton.id,
    file: `file of ${content.version.contentHash}`,
    message: message.id,
  };
}
