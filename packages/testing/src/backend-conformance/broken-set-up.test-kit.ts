import { type BrokenBackend, brokenRoom } from './broken-backend.test-kit.ts';
import { anId, NOON, TENANT } from './records.ts';

export const brokenSetUp: readonly BrokenBackend[] = [
  brokenRoom('keyring: of two that make a key at once, both get the same one', 'keyring', (keyring) => ({
    async getOrAdd(name, sealed) {
      await keyring.getOrAdd(name, sealed);
      return sealed;
    },
  })),
  brokenRoom('keyring: a key is resealed only while it still is what was read', 'keyring', (keyring) => ({
    async reseal(name, _, after) {
      const [now] = await keyring.list();
      return keyring.reseal(name, now?.sealed ?? '', after);
    },
  })),

  brokenRoom(
    'accounts: what is saved comes back, and saving again keeps when it was made and its pause',
    'accounts',
    (accounts) => ({
      async save(record) {
        await accounts.remove(record.tenant, record.key);
        await accounts.save(record);
      },
    }),
  ),
  brokenRoom('accounts: listed by key, each tenant its own', 'accounts', (accounts) => ({
    list: async (tenant) => [...(await accounts.list(tenant))].reverse(),
  })),
  brokenRoom(
    'accounts: one that an identity names, or by which work is waiting, is not removed',
    'accounts',
    () => ({ remove: async () => 'removed' }),
  ),
  brokenRoom(
    'accounts: a pause is told of once, also for an account of the platform that had no row',
    'accounts',
    (accounts) => ({
      async setPause(...pause) {
        await accounts.setPause(...pause);
        return true;
      },
    }),
  ),
  brokenRoom('accounts: what a person paused is not taken over by a failure', 'accounts', (accounts) => ({
    async setPause(account, pause, now) {
      await accounts.setPause(account, null, now);
      return accounts.setPause(account, pause, now);
    },
  })),
  brokenRoom(
    'accounts: rotation finds what is sealed with another key, and replaces only what it read',
    'accounts',
    () => ({ reseal: async () => true }),
  ),

  brokenRoom(
    'identities: the first of a channel becomes its default, the first of email the contact address too',
    'identities',
    (identities) => ({
      async get(...place) {
        const found = await identities.get(...place);
        return found && { ...found, isContact: true };
      },
    }),
  ),
  brokenRoom(
    'identities: a mark moves to the one that is saved with it, so there is always exactly one',
    'identities',
    (identities) => {
      const marked = new Set<string>();
      return {
        async save(record) {
          if (record.isDefault) marked.add(record.key);
          return identities.save(record);
        },
        list: async (...place) =>
          (await identities.list(...place)).map((it) => ({
            ...it,
            isDefault: it.isDefault || marked.has(it.key),
          })),
      };
    },
  ),
  brokenRoom(
    'identities: the holder of a mark is not saved without it, and nothing of the save happens',
    'identities',
    (identities) => ({
      async save(record) {
        const before = await identities.get(record.tenant, record.channel, record.key);
        if (before === undefined) return identities.save(record);
        return identities.save({ ...record, isDefault: before.isDefault, isContact: before.isContact });
      },
    }),
  ),
  brokenRoom('identities: the holder of a mark is removed only as the last one', 'identities', () => ({
    remove: async () => 'removed',
  })),
  brokenRoom(
    'identities: listed by channel and key; saving again keeps when it was made',
    'identities',
    (identities) => ({
      list: async (...place) => [...(await identities.list(...place))].reverse(),
    }),
  ),

  brokenRoom(
    'suppressions: of one address and reason one is in force, and whoever adds it is answered that one',
    'suppressions',
    (suppressions) => ({
      async add(record) {
        await suppressions.add(record);
        return record;
      },
    }),
  ),
  brokenRoom(
    'suppressions: lifting ends what is in force, keeps it as history, and makes room for a new one',
    'suppressions',
    (suppressions) => ({
      lift: (tenant, channel, addressKey, lifted, now) =>
        suppressions.lift(tenant, channel, addressKey, lifted, now),
    }),
  ),
  brokenRoom(
    'suppressions: what is found of an address is the earliest in force, on its own channel',
    'suppressions',
    (suppressions) => ({
      async find(tenant, channel) {
        const [latest] = await suppressions.history(tenant, channel, 'anna');
        return new Map(latest && [['anna', latest]]);
      },
    }),
  ),
  brokenRoom(
    'suppressions: pages of the list lose and repeat nothing, also within one millisecond',
    'suppressions',
    (suppressions) => ({
      list: (tenant, channel, { limit, before }) =>
        suppressions.list(tenant, channel, { limit, ...(before && { before: { ...before, id: '' } }) }),
    }),
  ),
];

export const brokenContent: readonly BrokenBackend[] = [
  brokenRoom(
    'templates: each new content is the next version, the same again is not, and old ones stay as they were',
    'content',
    (content) => ({
      async saveTemplate(template, added) {
        const isFirst = (await content.getTemplate(TENANT, template.key)) === undefined;
        const contentHash = isFirst ? added.version.contentHash : anId();
        return content.saveTemplate(template, { ...added, version: { ...added.version, contentHash } });
      },
    }),
  ),
  brokenRoom('templates: two saves at once make two versions', 'content', (content) => {
    let isBusy = false;
    return {
      async saveTemplate(template, added) {
        if (isBusy) return added.version;
        isBusy = true;
        await Promise.resolve();
        return content.saveTemplate(template, added).finally(() => {
          isBusy = false;
        });
      },
    };
  }),
  brokenRoom(
    'templates: a removed one is not listed, its versions stay, and saving brings it back',
    'content',
    (content) => ({
      async listTemplates(tenant) {
        const found = await content.getTemplate(tenant, 'confirmation');
        return found === undefined ? [] : [found];
      },
    }),
  ),
  brokenRoom(
    'content: a version has its skeletons in order, each with its own Liquid and its files',
    'content',
    (content) => ({
      skeletonsOf: async (...version) => [...(await content.skeletonsOf(...version))].reverse(),
    }),
  ),
  brokenRoom(
    'content: files come back byte for byte, under the name they are asked for by',
    'content',
    (content) => ({
      async getFile(tenant, ref) {
        const found = await content.getFile(tenant, ref);
        // As text it was stored.
        return found && { ...found, content: Buffer.from(Buffer.from(found.content).toString()) };
      },
    }),
  ),
  brokenRoom(
    'content: an ad-hoc composition is stored once, and its messages point to the one that is stored',
    'messages',
    (messages) => ({
      enqueue: (batch, tx) =>
        messages.enqueue(
          {
            ...batch,
            now: NOON,
            content: batch.content.map((it) => ({ ...it, version: { ...it.version, contentHash: anId() } })),
          },
          tx,
        ),
    }),
  ),
];
