import type { DeliveryStore, ReportStore, Store } from '@posthorn/core';
import { getAccount } from './accounts/get-account.ts';
import { listAccounts } from './accounts/list-accounts.ts';
import { pausedAccounts, setPause } from './accounts/pause-account.ts';
import { removeAccount } from './accounts/remove-account.ts';
import { accountsSealedWithout, resealAccount } from './accounts/reseal-account.ts';
import { saveAccount } from './accounts/save-account.ts';
import { broadcastStore } from './broadcasts/broadcast-store.ts';
import { getFile, getSkeleton, getSkeletons, knownFiles, skeletonsOf } from './content/find-content.ts';
import {
  findAdHocVersion,
  getTemplate,
  getVersion,
  getVersionById,
  listTemplates,
  listVersions,
  versionNumbers,
} from './content/find-template.ts';
import { removeTemplate, saveTemplate } from './content/save-template.ts';
import { leaseChunk } from './deliveries/lease-chunk.ts';
import { putBack } from './deliveries/put-back.ts';
import { nextDueAt, queueDue } from './deliveries/queue-due.ts';
import { takeTurn } from './deliveries/take-turn.ts';
import { contactIdentity, defaultIdentity, getIdentity, listIdentities } from './identities/find-identity.ts';
import { removeIdentity } from './identities/remove-identity.ts';
import { saveIdentity } from './identities/save-identity.ts';
import { getOrAddKey } from './keyring/get-or-add-key.ts';
import { listKeys } from './keyring/list-keys.ts';
import { resealKey } from './keyring/reseal-key.ts';
import { opensAt } from './limits/account-limits.ts';
import { countTo } from './messages/count-to.ts';
import { enqueue } from './messages/enqueue.ts';
import { findKey } from './messages/find-key.ts';
import { getMessages } from './messages/get-messages.ts';
import { listEvents, resendsOf } from './messages/list-events.ts';
import { listMessages } from './messages/list-messages.ts';
import { transition } from './messages/transition.ts';
import { byProviderIds, headsOf, latestTo, tenantsAfter } from './reports/find-reported.ts';
import { settleReports } from './reports/settle-reports.ts';
import { keepUnmatched, listUnmatched } from './reports/unmatched-reports.ts';
import { shortLink } from './retention/short-links.ts';
import { retentionDueAt, takeRetentionStep } from './retention/take-step.ts';
import type { QueuePrograms, Runner } from './runner.ts';
import { getSegment, listSegments } from './segments/find-segment.ts';
import { removeSegment } from './segments/remove-segment.ts';
import { saveSegment } from './segments/save-segment.ts';
import { subscriptionStore } from './subscriptions/subscription-store.ts';
import { findSuppressions, listSuppressions, suppressionHistory } from './suppressions/find-suppressions.ts';
import { markAddress, unmarkAddress } from './suppressions/mark-address.ts';

/**
 * The store, on any SQL database that has a runner.
 *
 * @example
 * ```ts
 * import { createSqlStore, dropJob, isTaken, pushJobs, type Runner } from '@posthorn/store-sql';
 *
 * export const storeOn = (runner: Runner) => createSqlStore(runner, { push: pushJobs, isTaken, drop: dropJob });
 * ```
 */
export function createSqlStore(runner: Runner, queue: QueuePrograms): Store {
  const { read, write } = runner;
  return {
    keyring: {
      getOrAdd: (name, sealed) => write(() => getOrAddKey(name, sealed)),
      list: () => read(() => listKeys()),
      reseal: (name, before, after) => write(() => resealKey(name, before, after)),
    },
    accounts: {
      save: (record) => write(() => saveAccount(record)),
      get: (tenant, key) => read(() => getAccount(tenant, key)),
      list: (tenant) => read(() => listAccounts(tenant)),
      remove: (tenant, key) => write(() => removeAccount(tenant, key)),
      setPause: (account, pause, now) => write(() => setPause(account, pause, now)),
      paused: () => read(() => pausedAccounts()),
      sealedWithout: (keyId, limit) => read(() => accountsSealedWithout(keyId, limit)),
      reseal: (tenant, key, before, after) => write(() => resealAccount(tenant, key, before, after)),
    },
    identities: {
      save: (record) => write(() => saveIdentity(record)),
      get: (tenant, channel, key) => read(() => getIdentity(tenant, channel, key)),
      defaultOf: (tenant, channel) => read(() => defaultIdentity(tenant, channel)),
      contactOf: (tenant) => read(() => contactIdentity(tenant)),
      list: (tenant, channel) => read(() => listIdentities(tenant, channel)),
      remove: (tenant, channel, key) => write(() => removeIdentity(tenant, channel, key)),
    },
    content: {
      saveTemplate: (template, content) => write(() => saveTemplate(template, content)),
      removeTemplate: (tenant, key, now) => write(() => removeTemplate(tenant, key, now)),
      getTemplate: (tenant, key) => read(() => getTemplate(tenant, key)),
      listTemplates: (tenant) => read(() => listTemplates(tenant)),
      listVersions: (tenant, template) => read(() => listVersions(tenant, template)),
      getVersion: (tenant, template, number) => read(() => getVersion(tenant, template, number)),
      getVersionById: (tenant, id) => read(() => getVersionById(tenant, id)),
      versionNumbers: (tenant, ids) => read(() => versionNumbers(tenant, ids)),
      findAdHocVersion: (tenant, contentHash) => read(() => findAdHocVersion(tenant, contentHash)),
      skeletonsOf: (tenant, versionId) => read(() => skeletonsOf(tenant, versionId)),
      getSkeleton: (tenant, id) => read(() => getSkeleton(tenant, id)),
      getSkeletons: (tenant, ids) => read(() => getSkeletons(tenant, ids)),
      knownFiles: (tenant, hashes) => read(() => knownFiles(tenant, hashes)),
      getFile: (tenant, ref) => read(() => getFile(tenant, ref)),
    },
    suppressions: {
      add: (record) => write(() => markAddress(record)),
      lift: (tenant, channel, addressKey, lifted, now, reason) =>
        write(() => unmarkAddress(tenant, channel, addressKey, lifted, now, reason)),
      find: (tenant, channel, addressKeys) => read(() => findSuppressions(tenant, channel, addressKeys)),
      history: (tenant, channel, addressKey) => read(() => suppressionHistory(tenant, channel, addressKey)),
      list: (tenant, channel, page) => read(() => listSuppressions(tenant, channel, page)),
    },
    messages: {
      enqueue: (batch, tx) => write(() => enqueue(batch, queue.push), tx),
      findKey: (tenant, key, tx) => read(() => findKey(tenant, key), tx),
      get: (tenant, ids, tx) => read(() => getMessages(tenant, ids), tx),
      list: (tenant, filter, page) => read(() => listMessages(tenant, filter, page)),
      countTo: (tenant, wanted) => read(() => countTo(tenant, wanted)),
      events: (tenant, messageId) => read(() => listEvents(tenant, messageId)),
      resendsOf: (tenant, messageId) => read(() => resendsOf(tenant, messageId)),
      transition: (tenant, transitions) => write(() => transition(tenant, transitions)),
    },
    deliveries: deliveryStore(runner, queue),
    segments: {
      save: (record) => write(() => saveSegment(record)),
      get: (tenant, key) => read(() => getSegment(tenant, key)),
      list: (tenant) => read(() => listSegments(tenant)),
      remove: (tenant, key) => write(() => removeSegment(tenant, key)),
    },
    broadcasts: broadcastStore(runner, queue),
    reports: reportStore(runner),
    retention: {
      dueAt: (now, pauseMs) => read(() => retentionDueAt(now, pauseMs)),
      // What a power cut takes is done again.
      step: (rules) => runner.writeRelaxed(() => takeRetentionStep(rules)),
      shortLink: (messageId) => read(() => shortLink(messageId)),
    },
    subscriptions: subscriptionStore(runner),
  };
}

function deliveryStore({ read, write, writeRelaxed }: Runner, queue: QueuePrograms): DeliveryStore {
  return {
    lease: (job, token, now, newEventId) =>
      writeRelaxed(() => leaseChunk(job, token, now, newEventId, queue)),
    // Lost after a power cut, its messages would be sent a second time.
    turn: (turn) => write(() => takeTurn(turn)),
    opensAt: (accountTenant, account) => read(() => opensAt(accountTenant, account)),
    putBack: (job, token, dueAt) => writeRelaxed(() => putBack(job, token, dueAt)),
    async queueDue(now, chunkSize, newId) {
      // Looked at first, as a scan that finds nothing is the rule and must not take the write lock.
      const next = await read(() => nextDueAt(now));
      if (next === null || next > now) return { queued: 0, nextDueAt: next };
      return writeRelaxed(() => queueDue(now, chunkSize, newId, queue.push));
    },
  };
}

function reportStore({ read, write }: Runner): ReportStore {
  return {
    messages: (ids) => read(() => headsOf(ids)),
    byProviderIds: (account, providerIds, limit) => read(() => byProviderIds(account, providerIds, limit)),
    tenants: (page) => read(() => tenantsAfter(page)),
    latestTo: (account, addresses, before) => read(() => latestTo(account, addresses, before)),
    // The provider is told that it has arrived.
    settle: (facts) => write(() => settleReports(facts)),
    keepUnmatched: (account, reports, now) => write(() => keepUnmatched(account, reports, now)),
    unmatched: (account, page) => read(() => listUnmatched(account, page)),
  };
}
