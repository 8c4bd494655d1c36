import { z } from 'zod';
import { isLiveEventName, type LiveEventMap, type LiveEventName, type Stir } from './live-events.ts';

/** An event as one process tells another: of a message only which, so that what is told stays short and holds no address. */
export interface EventNews extends Stir {
  /** Null where there is nothing more to it. */
  readonly about: MessageNews | OtherNews | null;
}

export interface MessageNews {
  readonly messageId: string;
  /** In ms. */
  readonly at: number;
}

/** An event of no message, as it is. */
export interface OtherNews {
  readonly event: LiveEventMap[LiveEventName];
}

/** How news are written; the other process may be of another version. */
const newsSchema = z.tuple([
  z.string(),
  z.string(),
  z.string().nullable(),
  z.union([z.null(), z.tuple([z.string(), z.number()]), z.looseObject({ at: z.number() })]),
]);

export function newsText(
  { name, tenant, broadcast }: Stir,
  event: LiveEventMap[LiveEventName] | null,
): string {
  return JSON.stringify([name, tenant, broadcast, event && writtenOf(event)]);
}

/** Undefined for what is none, or of a kind that is not known here. */
export function parseNews(text: string): EventNews | undefined {
  const parsed = newsSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const [name, tenant, broadcast, about] = parsed.data;
  if (name === 'broadcast') return { name, tenant, broadcast, about: null };
  if (!isLiveEventName(name) || about === null || name.startsWith('message.') !== Array.isArray(about)) {
    return undefined;
  }
  if (Array.isArray(about)) {
    const [messageId, at] = about;
    return { name, tenant, broadcast, about: { messageId, at } };
  }
  const event = { ...about, at: new Date(about.at) } as unknown as LiveEventMap[LiveEventName];
  return { name, tenant, broadcast, about: { event } };
}

function writtenOf(event: LiveEventMap[LiveEventName]) {
  const at = event.at.getTime();
  return 'message' in event && typeof event.message === 'object' ? [event.message.id, at] : { ...event, at };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
