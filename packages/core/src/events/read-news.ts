import type { Store, StoredMessage } from '../ports/index.ts';
import type { EventNews, MessageNews } from './event-news.ts';
import type { LiveEventMap, LiveEventName } from './live-events.ts';
import { summaryOf } from './message-summary.ts';
import { bounceOf, urlOf } from './publish-events.ts';

/** The most messages read at once. */
const PAGE = 100;

type Messages = Pick<Store['messages'], 'get' | 'events'>;

/** An event that another process told of, with its message as it is now. */
export interface ToldEvent {
  readonly name: LiveEventName;
  readonly event: LiveEventMap[LiveEventName];
}

/** In the order of the news; those of messages that are not there any more are left out. */
export async function readNews(
  messages: Messages,
  news: readonly EventNews[],
): Promise<readonly ToldEvent[]> {
  const stored = await storedOf(messages, news);
  const told: ToldEvent[] = [];
  for (const { name, tenant, about } of news) {
    if (name === 'broadcast' || about === null) continue;
    if ('event' in about) {
      told.push({ name, event: about.event });
      continue;
    }
    const found = stored.get(keyOf(tenant, about.messageId));
    if (found === undefined) continue;
    const base = { tenant, message: summaryOf(found), at: new Date(about.at) };
    const more = await detailOf(messages, name, tenant, about);
    told.push({ name, event: { ...base, ...more } as LiveEventMap[LiveEventName] });
  }
  return told;
}

async function storedOf(
  messages: Messages,
  news: readonly EventNews[],
): Promise<ReadonlyMap<string, StoredMessage>> {
  const idsByTenant = new Map<string, Set<string>>();
  for (const { tenant, about } of news) {
    if (about === null || !('messageId' in about)) continue;
    const ids = idsByTenant.get(tenant) ?? new Set();
    idsByTenant.set(tenant, ids.add(about.messageId));
  }
  const found = new Map<string, StoredMessage>();
  for (const [tenant, ids] of idsByTenant) {
    const all = [...ids];
    for (let from = 0; from < all.length; from += PAGE) {
      for (const stored of await messages.get(tenant, all.slice(from, from + PAGE))) {
        found.set(keyOf(tenant, stored.message.id), stored);
      }
    }
  }
  return found;
}

/** What stands in the message's log only. */
async function detailOf(
  messages: Messages,
  name: LiveEventName,
  tenant: string,
  { messageId, at }: MessageNews,
): Promise<object> {
  if (name !== 'message.bounced' && name !== 'message.clicked') return {};
  const type = name === 'message.bounced' ? 'bounced' : 'clicked';
  const events = await messages.events(tenant, messageId);
  const event = events.findLast((one) => one.type === type && one.occurredAt === at);
  if (type === 'bounced') return { bounce: bounceOf(event ?? { failure: null }) };
  return { url: event === undefined ? null : urlOf(event) };
}

function keyOf(tenant: string, messageId: string): string {
  return `${messageId} ${tenant}`;
}
