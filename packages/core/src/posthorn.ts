import {
  type Accounts,
  checkAdapters,
  checkPlatformLimits,
  createAccounts,
  createTransports,
} from './accounts/index.ts';
import { type Broadcasts, createBroadcastHandler, createBroadcasts } from './broadcasts/index.ts';
import { type Context, DEFAULT_TENANT, type Scope } from './context.ts';
import { createWorker, type DrainOptions, type DrainResult } from './delivery/index.ts';
import { carryEvents, createLiveEvents, type LiveEvents, type LiveSubscriptions } from './events/index.ts';
import { createHandler, type Handler } from './http/index.ts';
import { createIdentities, type Identities } from './identities/index.ts';
import { createLifecycle } from './lifecycle.ts';
import { createMessages, createSend, type Messages, type Send } from './messages/index.ts';
import type { TagCatalogue } from './ports/index.ts';
import {
  checkOptions,
  checkRetention,
  checkTenantId,
  checkTenantOptions,
  checkTenantSettings,
  type PosthornOptions,
  sourcesByName,
  type TenantSettings,
} from './posthorn-options.ts';
import { checkPublicUrl } from './public-url.ts';
import { createRecipients, type Recipients } from './queries/index.ts';
import { createVault, type RotationResult, rotateSecrets } from './secrets/index.ts';
import { createSegments, type Segments } from './segments/index.ts';
import { createSharedClock } from './shared-clock.ts';
import {
  createSubscriptionDesk,
  type Subscribe,
  type SubscriptionFace,
  type Subscriptions,
} from './subscriptions/index.ts';
import { createSuppressions, type Suppressions } from './suppressions/index.ts';
import { systemClock } from './system-clock.ts';
import {
  checkCatalogue,
  createPreview,
  createTemplates,
  type PreviewMessage,
  type Templates,
} from './templates/index.ts';
import { warningLog } from './warning-log.ts';

/** Everything one company does with its messages. */
export interface PosthornTenant<Tags extends TagCatalogue = TagCatalogue>
  extends Pick<LiveSubscriptions, 'on' | 'once' | 'off'> {
  readonly accounts: Accounts;
  readonly identities: Identities;
  readonly templates: Templates;
  readonly recipients: Recipients;
  readonly segments: Segments;
  readonly broadcasts: Broadcasts<Tags>;
  readonly suppressions: Suppressions;
  readonly messages: Messages<Tags>;
  /** The names under which somebody keeps records: what waits for each, and how to forget one. */
  readonly subscriptions: Subscriptions;
  readonly subscribe: Subscribe;
  /** Composes, renders and enqueues messages; a worker sends them. */
  readonly send: Send<Tags>;
  /** What a recipient will see; nothing is sent. */
  readonly preview: PreviewMessage<Tags>;
}

/**
 * One host's Posthorn. It is the face of the tenant `default`, for a host with one company; its events, live and
 * subscribed to, are those of all tenants.
 */
export interface Posthorn<Tags extends TagCatalogue = TagCatalogue> extends PosthornTenant<Tags> {
  /** The same face, for one company of many. */
  tenant(id: string, settings?: TenantSettings): PosthornTenant<Tags>;
  /** Works the queue in this process until `close`. Calling it again changes nothing. */
  start(): Promise<void>;
  /** Works the queue until nothing is due or the time is up: for cron and serverless. */
  drain(options: DrainOptions): Promise<DrainResult>;
  /**
   * Answers what the world asks: links in messages, providers' webhooks, `/health`. Mount it where `publicUrl` leads; for
   * `node:http`, Express and connect by `toNodeHandler(posthorn)`. It answers always, if need be that something went wrong.
   *
   * @throws InputError `invalid_input` for what is no Request.
   *
   * @example
   * ```ts
   * import type { Posthorn } from '@posthorn/core';
   *
   * export function routes(posthorn: Posthorn) {
   *   return { GET: posthorn.handler, POST: posthorn.handler }; // of a framework that speaks Request and Response
   * }
   * ```
   */
  readonly handler: Handler;
  /** Seals everything with the current key, so that older ones can go. */
  rotateSecrets(): Promise<RotationResult>;
  /**
   * Stops working and handling events, waits for what is in flight, and closes the backend. Calls after it are refused with
   * `closed`.
   */
  close(): Promise<void>;
}

/**
 * Wires a Posthorn together. Nothing is opened before it is needed.
 *
 * @throws ConfigurationError `invalid_input` (an option, a tag of the catalogue), `secrets_missing`.
 *
 * @example
 * ```ts
 * import { smtp } from '@posthorn/adapter-smtp';
 * import { sqlite } from '@posthorn/backend-sqlite';
 * import { createPosthorn } from '@posthorn/core';
 *
 * export const posthorn = createPosthorn({
 *   backend: sqlite('messages.db'),
 *   adapters: [smtp()],
 *   secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
 *   tags: { 'customer.firstName': { label: 'First name', example: 'Anna' } },
 * });
 * ```
 */
export function createPosthorn<const Tags extends TagCatalogue = TagCatalogue>(
  options: PosthornOptions<Tags>,
): Posthorn<Tags> {
  checkOptions(options);
  const { log = warningLog } = options;
  const shared = createSharedClock(systemClock, log);
  // A clock of the host's own is never corrected: it is for tests, which decide what time it is.
  const clock = options.clock ?? shared;
  const home = checkTenantSettings(options, { locale: 'en', timeZone: 'UTC', country: null });
  const vault = createVault(options.secrets);
  const live = createLiveEvents(log);
  const lifecycle = createLifecycle(options.backend, { clock, log }, vault, shared, (opened) =>
    mail.opened(opened),
  );
  const mail = carryEvents({ clock, log, live, open: lifecycle.open }, options.backend.supports);
  const adapters = checkAdapters(options.adapters);
  const desk = createSubscriptionDesk({ clock, log, live, open: lifecycle.open });
  const context: Context = {
    clock,
    log,
    vault,
    adapters,
    limits: checkPlatformLimits(adapters, options.limits),
    sources: sourcesByName(options.recipients),
    tags: checkCatalogue(options.tags ?? {}),
    live,
    publicUrl: checkPublicUrl(options.publicUrl),
    async open() {
      const opened = await lifecycle.open();
      // What is sent after `subscribe` was called is not missed.
      await desk.begun();
      return opened;
    },
  };
  // A worker that stops hands over what it has begun, and so opens accounts until it has.
  const transports = createTransports({ ...context, open: lifecycle.stillOpen });
  const worker = createWorker(context, transports, options.backend, {
    broadcasts: createBroadcastHandler(context),
    messagesDays: checkRetention(options.retention),
  });

  return {
    ...face<Tags>(context, { tenant: DEFAULT_TENANT, scoped: false, ...home }, live, desk.of(null)),
    tenant(id, settings = {}) {
      const tenant = checkTenantId(id);
      const scope = { tenant, scoped: true, ...checkTenantSettings(checkTenantOptions(settings), home) };
      return face<Tags>(context, scope, live.of(tenant), desk.of(tenant));
    },
    start: () => worker.start(),
    drain: (drainOptions) => worker.drain(drainOptions),
    handler: createHandler(context),
    rotateSecrets: () => rotateSecrets(context),
    close: () =>
      lifecycle.close(async () => {
        mail.stop();
        await Promise.all([desk.stop(), worker.stop()]);
        await transports.closeAll();
      }),
  };
}

function face<Tags extends TagCatalogue>(
  context: Context,
  scope: Scope,
  { on, once, off }: LiveSubscriptions | LiveEvents,
  { subscribe, subscriptions }: SubscriptionFace,
): PosthornTenant<Tags> {
  return {
    accounts: createAccounts(context, scope),
    identities: createIdentities(context, scope),
    templates: createTemplates(context, scope),
    recipients: createRecipients(context, scope),
    segments: createSegments(context, scope),
    broadcasts: createBroadcasts<Tags>(context, scope),
    suppressions: createSuppressions(context, scope),
    messages: createMessages<Tags>(context, scope),
    subscriptions,
    subscribe,
    send: createSend<Tags>(context, scope),
    preview: createPreview<Tags>(context, scope),
    on,
    once,
    off,
  };
}
