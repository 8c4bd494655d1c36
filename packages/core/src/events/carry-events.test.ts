import { describe, expect, it } from 'vitest';
import type { Bulletin, Log, OpenedBackend } from '../ports/index.ts';
import { systemClock } from '../system-clock.ts';
import { carryEvents } from './carry-events.ts';
import { createLiveEvents } from './live-events.ts';

const at = new Date('2026-11-23T10:00:00Z');
const resumed = { tenant: 'salon', account: 'own-server', at };

const silent = () => undefined;
const log: Log = { debug: silent, info: silent, warn: silent, error: silent };

/** A process whose backend's word goes to `others`, and which counts what it reads. */
function openProcess(supports = { notify: true }) {
  const live = createLiveEvents(log);
  const told: string[] = [];
  const process = { live, told, reads: 0, hear: (_: readonly string[]) => {} };
  const bulletin: Bulletin = {
    tell: (news) => told.push(news),
    hear(listener) {
      process.hear = listener;
    },
  };
  const messages = {
    async get() {
      process.reads += 1;
      return [];
    },
  };
  const carrier = carryEvents(
    {
      clock: systemClock,
      log,
      live,
      open: async () => undefined,
    },
    { multiProcess: true, hostTransaction: true, ...supports },
  );
  carrier.opened({ bulletin, store: { messages } } as unknown as OpenedBackend);
  return { process, carrier };
}

const accepted = JSON.stringify(['message.accepted', 'salon', 'b1', ['m1', 1]]);

describe('what other processes tell', () => {
  it('is heard as it was told', async () => {
    const here = openProcess().process;
    const there = openProcess().process;
    const heard: unknown[] = [];
    there.live.of('salon').on('account.resumed', (event) => heard.push(event));
    here.live.emit('account.resumed', resumed);
    there.hear(here.told);
    await expect.poll(() => heard).toEqual([resumed]);
    // It is not passed on: the others have heard it, too.
    expect(there.told).toEqual([]);
  });

  it('is not read where nobody listens to it, and wakes whoever only looks', () => {
    const { process } = openProcess();
    const stirs: unknown[] = [];
    process.live.onStir((stir) => stirs.push(stir));
    process.live.on('message.bounced', silent);
    process.live.of('other').on('message.accepted', silent);
    process.hear([accepted]);
    expect(process.reads).toBe(0);
    expect(stirs).toMatchObject([{ name: 'message.accepted', tenant: 'salon', broadcast: 'b1' }]);
  });

  it('is ignored where it cannot be understood', async () => {
    const { process } = openProcess();
    const heard: unknown[] = [];
    process.live.on('account.resumed', (event) => heard.push(event));
    const nonsense = ['', 'null', '[', '[1]', '["message.soon","salon",null,["m1",1]]'];
    const misfits = [
      '["account.resumed","salon",null,["m1",1]]',
      '["message.accepted","salon",null,{"at":1}]',
    ];
    process.hear([
      ...nonsense,
      ...misfits,
      JSON.stringify(['account.resumed', 'salon', null, { ...resumed, at: 1 }]),
    ]);
    await expect.poll(() => heard).toEqual([{ ...resumed, at: new Date(1) }]);
  });

  it('is told to nobody once it is closed', () => {
    const { process, carrier } = openProcess();
    const stirs: unknown[] = [];
    process.live.onStir((stir) => stirs.push(stir));
    carrier.stop();
    process.hear([accepted]);
    expect(stirs).toEqual([]);
  });
});

it.each([true, false])(
  'whoever only listens is connected, where processes tell each other (%s)',
  (notify) => {
    const live = createLiveEvents(log);
    let opens = 0;
    const open = async () => {
      opens += 1;
      carrier.opened({} as OpenedBackend);
    };
    const supports = { multiProcess: true, hostTransaction: true, notify };
    const carrier = carryEvents({ clock: systemClock, log, live, open }, supports);
    live.on('account.resumed', silent);
    live.on('account.paused', silent);
    expect(opens).toBe(notify ? 1 : 0);
  },
);
