import {
  type AnyAdapter,
  arrayRecipients,
  type Broadcast,
  type BroadcastProgress,
  type PosthornOptions,
  type RecipientSource,
} from '@posthorn/core';
import { type RecordingAdapter, recordingAdapter, type TestPosthorn, testPosthorn } from '@posthorn/testing';
import { onTestFinished } from 'vitest';
import { turns } from '../hosts.test-kit.ts';

/** A club in one process whose time a test decides, and who may leave it when. */

export interface Member {
  readonly id: string;
  readonly name: string;
  email: string | null;
  phone: string | null;
  city: string;
  readonly company: string;
}

export const LETTER = {
  email: { subject: 'Closed on Friday', text: 'The club is closed on Friday.' },
} as const;
export const everybody = { source: 'members', where: { combinator: 'and', rules: [] } } as const;
export const WINDOW = 3;

export function memberOf(number: number, parts: Partial<Member> = {}): Member {
  const id = `m-${String(number).padStart(4, '0')}`;
  return {
    id,
    name: `Member ${number}`,
    email: `${id}@members.example`,
    phone: `+4520${String(number).padStart(6, '0')}`,
    city: number % 2 === 0 ? 'Aarhus' : 'Odense',
    company: 'north',
    ...parts,
  };
}

/** Lets through those who come, or has them wait. */
export class Turnstile {
  #left = Number.POSITIVE_INFINITY;
  readonly #waiting: (() => void)[] = [];

  /** From now on so many more may pass. */
  let(count: number): void {
    this.#left = count;
    for (const pass of this.#waiting.splice(0)) pass();
  }

  get waiting(): number {
    return this.#waiting.length;
  }

  async pass(): Promise<void> {
    while (this.#left <= 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    this.#left -= 1;
  }
}

type Find = NonNullable<RecipientSource['find']>;

export interface Hall {
  readonly posthorn: TestPosthorn['posthorn'];
  readonly clock: TestPosthorn['clock'];
  readonly sms: TestPosthorn['sms'];
  readonly settled: TestPosthorn['settled'];
  readonly advance: TestPosthorn['advance'];
  /** The mail server, behind the door. */
  readonly email: RecordingAdapter;
  /** Changes with the test, and at once. */
  readonly members: Member[];
  /** Before the mail server takes a message; at most a window stands there. */
  readonly door: Turnstile;
  /** Before a page of members is read. */
  readonly desk: Turnstile;
  /** What the next page is instead of what it would be. */
  tamper(change: (page: Awaited<ReturnType<Find>>) => ReturnType<Find>): void;
  /** How it stands now. */
  look(id: string): Promise<Broadcast>;
  /** Waits in turns of the event loop, the clock standing still, until it is so. */
  until(isSo: () => boolean | Promise<boolean>): Promise<void>;
}

interface HallOptions {
  readonly members?: number;
  readonly adapters?: readonly AnyAdapter[];
  readonly options?: Partial<Pick<PosthornOptions, 'tags' | 'timeZone' | 'locale' | 'limits'>>;
  readonly startAt?: string;
}

export async function openHall({
  members: count = 10,
  adapters = [],
  options = {},
  startAt,
}: HallOptions = {}): Promise<Hall> {
  const members = Array.from({ length: count }, (_, index) => memberOf(index));
  const door = new Turnstile();
  const desk = new Turnstile();
  const changes: ((page: Awaited<ReturnType<Find>>) => ReturnType<Find>)[] = [];
  const source = arrayRecipients({
    label: 'Members',
    rows: members,
    tenant: 'company',
    id: 'id',
    name: 'name',
    email: 'email',
    phone: 'phone',
    fields: { city: { column: 'city', type: 'text', label: 'City' } },
    data: (ids) => Object.fromEntries(ids.map((id) => [id, { member: { name: id } }])),
  });
  const find: Find = async (question, scope) => {
    await desk.pass();
    const page = await (source.find as Find)(question, scope);
    const change = changes.shift();
    return change === undefined ? page : change(page);
  };
  const email = recordingAdapter({ channel: 'email', key: 'server' });
  const { posthorn, clock, sms, settled, advance } = testPosthorn({
    ...(startAt === undefined ? {} : { startAt }),
    ...options,
    adapters: [behind(door, email), ...adapters],
    recipients: { members: { ...source, find } },
  });
  onTestFinished(async () => {
    door.let(Number.POSITIVE_INFINITY);
    desk.let(Number.POSITIVE_INFINITY);
    await posthorn.close();
  });
  await posthorn.identities.save({
    key: 'club',
    channel: 'email',
    address: 'hello@club.example',
    account: 'server',
  });
  await posthorn.identities.save({ key: 'club', channel: 'sms', address: 'CLUB' });
  return {
    posthorn: posthorn as unknown as Hall['posthorn'],
    clock,
    sms,
    settled,
    advance,
    email,
    members,
    door,
    desk,
    tamper: (change) => void changes.push(change),
    async look(id) {
      const broadcast = await posthorn.broadcasts.get(id);
      if (broadcast === null) throw new Error(`There is no broadcast ${id}.`);
      return broadcast;
    },
    async until(isSo) {
      for (let turn = 0; turn < 5_000; turn += 1) {
        if (await isSo()) return;
        await turns(1);
      }
      throw new Error('It does not come to that.');
    },
  };
}

/** The adapter, whose messages pass the door one by one. */
export function behind(door: Turnstile, adapter: RecordingAdapter): AnyAdapter {
  return {
    ...adapter,
    open: (settings, runtime) => {
      const transport = adapter.open(settings, runtime);
      return {
        ...transport,
        features: { ...transport.features, maxBatch: 1, window: WINDOW },
        async send(batch, options) {
          await door.pass();
          await transport.send(batch, options);
        },
      };
    },
  };
}

/** Everything that a progress says, from now on until it is over. */
export async function follow(broadcast: Broadcast): Promise<readonly BroadcastProgress[]> {
  const seen: BroadcastProgress[] = [];
  for await (const progress of broadcast.progress()) seen.push(progress);
  return seen;
}
