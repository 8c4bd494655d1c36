import { setTimeout as sleep } from 'node:timers/promises';
import { smtp } from '@posthorn/adapter-smtp';
import { postgres } from '@posthorn/backend-postgres';
import { sqlite } from '@posthorn/backend-sqlite';
import { arrayRecipients, createPosthorn, type Posthorn } from '@posthorn/core';
import { silent } from '../strict-server.test-kit.ts';

/** A club with many members, as each of its processes sees it. */

/** What smtp() may have in doubt at once, for a process and an account: four for each of its five connections. */
export const WINDOW = 20;

interface Member {
  readonly id: string;
  readonly name: string;
  readonly email: string | null;
}

/** Of every fifty one has no address, and one has none that works. */
function membersOf(count: number): readonly Member[] {
  return Array.from({ length: count }, (_, index) => {
    const number = String(index).padStart(5, '0');
    return { id: `m-${number}`, name: `Member ${number}`, email: emailOf(index) };
  });
}

function emailOf(index: number): string | null {
  if (index % 50 === 7) return null;
  return index % 50 === 23 ? `member-${index} at example` : `member-${index}@members.example`;
}

export const everybody = { source: 'members', where: { combinator: 'and', rules: [] } } as const;

/** The addresses of so many members that a message can be sent to. */
export function reachableOf(count: number): readonly string[] {
  return membersOf(count).flatMap(({ email }) => (email?.includes('@') ? [email] : []));
}

export interface ClubPlace {
  /** What all processes share: a file of SQLite, or the URL of a database of Postgres. */
  readonly database: string;
  /** The mail server's. */
  readonly port: number;
  /** How many it has. */
  readonly members: number;
  /** Called with each page of members that is read. */
  readonly onPage?: () => void;
}

/** The club as one process sees it; it works nothing before `start`. A page of members takes a moment to read. */
export function openClub({ database, port, members, onPage }: ClubPlace): Posthorn {
  return createPosthorn({
    backend: database.startsWith('postgres:') ? postgres(database) : sqlite(database),
    adapters: [smtp({ host: '127.0.0.1', port, security: 'none', authentication: 'none' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    recipients: {
      members: arrayRecipients({
        label: 'Members',
        rows: membersOf(members),
        id: 'id',
        name: 'name',
        email: 'email',
        data: async (ids) => {
          onPage?.();
          await sleep(20);
          return Object.fromEntries(ids.map((id) => [id, { member: { number: id } }]));
        },
      }),
    },
    log: silent,
  }) as unknown as Posthorn;
}
