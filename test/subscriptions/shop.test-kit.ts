import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import type { Posthorn, PosthornOptions, StoredEvent, StoredEventName } from '@posthorn/core';
import { openFolder } from '../database.test-kit.ts';
import { turns } from '../hosts.test-kit.ts';
import { openReportedSalon } from '../reports/reported-salon.test-kit.ts';

/** A platform that keeps records of its own; in memory where no file is named. */
export async function openShop(file?: string, options: Partial<PosthornOptions> = {}) {
  // Processes do not see each other's memory: no location.
  const own = file === undefined ? {} : { backend: { ...sqlite(file), location: null } };
  const salon = await openReportedSalon({ ...own, ...options });
  const { posthorn, clock } = salon;

  /** Lets so many seconds pass, and everything happen that is to happen in them. */
  const pass = async (seconds: number): Promise<void> => {
    for (let passed = 0; passed < seconds * 1_000; passed += 100) {
      clock.advance(100);
      await turns(20);
    }
  };

  return {
    ...salon,
    pass,
    /** Until handlers have been given what waits. */
    settle: () => pass(3),
    /** Subscribes, and keeps what it is given. */
    record<Name extends StoredEventName>(
      name: string,
      types: readonly Name[],
      { subscribe }: Pick<Posthorn, 'subscribe'> = posthorn,
    ) {
      const events: StoredEvent[] = [];
      const subscription = subscribe(name, types, (event) => {
        events.push(event as StoredEvent);
      });
      return { ...subscription, events };
    },
  };
}

export function aFile(): string {
  return join(openFolder(), 'messages.db');
}

/** To whom the messages were that events tell of, in order. */
export function addressesOf(events: readonly StoredEvent[]): readonly (string | null)[] {
  return events.map((event) => ('message' in event ? event.message.to.address : event.address));
}

/** So many addresses, and a message to all of them. */
export function aMailing(count: number, name = 'guest') {
  const addresses = Array.from({ length: count }, (_, index) => `${name}-${index}@example.dk`);
  return {
    addresses,
    message: {
      channel: 'email' as const,
      to: addresses.map((email) => ({ email })),
      email: { subject: 'Vi ses', text: 'Hej' },
    },
  };
}
