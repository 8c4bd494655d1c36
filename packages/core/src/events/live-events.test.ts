import { describe, expect, it } from 'vitest';
import type { Log } from '../ports/index.ts';
import { createLiveEvents } from './live-events.ts';

const at = new Date('2026-11-23T10:00:00Z');
const resumed = (tenant: string) => ({ tenant, account: 'own-server', at });

function createLog(): { log: Log; errors: unknown[] } {
  const errors: unknown[] = [];
  const silent = () => {};
  return {
    errors,
    log: {
      debug: silent,
      info: silent,
      warn: silent,
      error: (message, fields) => errors.push([message, fields]),
    },
  };
}

function listening() {
  const { log, errors } = createLog();
  const live = createLiveEvents(log);
  const heard: string[] = [];
  const hear = (event: { tenant: string }) => {
    heard.push(event.tenant);
  };
  return { live, heard, hear, errors };
}

describe('live events', () => {
  it('reach a listener until it is taken off', () => {
    const { live, heard, hear } = listening();
    live.on('account.resumed', hear);
    live.emit('account.resumed', resumed('a'));
    live.off('account.resumed', hear);
    live.emit('account.resumed', resumed('b'));
    expect(heard).toEqual(['a']);
  });

  it('end by the function that `on` and `once` answer', () => {
    const { live, heard, hear } = listening();
    live.on('account.resumed', hear)();
    live.once('account.resumed', hear)();
    live.emit('account.resumed', resumed('a'));
    expect(heard).toEqual([]);
  });

  it('go on reaching a listener that was put on twice and taken off once', () => {
    const { live, heard, hear } = listening();
    const end = live.on('account.resumed', hear);
    live.on('account.resumed', hear);
    live.once('account.resumed', hear)();
    end();
    end();
    live.emit('account.resumed', resumed('a'));
    expect(heard).toEqual(['a']);
  });

  it.each([
    ['account.resumd', () => undefined, { path: 'name', advice: 'Did you mean "account.resumed"?' }],
    ['account.resumed b', () => undefined, { path: 'name' }],
    ['__proto__', () => undefined, { path: 'name' }],
    ['account.resumed', undefined, { path: 'listener' }],
  ])('cannot be listened to as %j with %o', (name, listener, expected) => {
    const { live } = listening();
    for (const listen of [live.on, live.once, live.off, live.of('a').on]) {
      expect(() => listen(name as 'account.resumed', listener as () => void)).toThrow(
        expect.objectContaining({ code: 'invalid_input', ...expected }),
      );
    }
  });

  it('reach a `once` listener once', () => {
    const { live, heard, hear } = listening();
    live.once('account.resumed', hear);
    live.emit('account.resumed', resumed('a'));
    live.emit('account.resumed', resumed('b'));
    expect(heard).toEqual(['a']);
  });

  it('stay with their tenant, also for `once`', () => {
    const { live, heard, hear } = listening();
    live.of('a').once('account.resumed', hear);
    live.emit('account.resumed', resumed('b'));
    expect(heard).toEqual([]);
    live.emit('account.resumed', resumed('a'));
    expect(heard).toEqual(['a']);
  });

  it("cannot be had from another tenant by a name that contains an event's", () => {
    const { live, heard, hear } = listening();
    live.of('b').on('account.resumed', hear);
    live.emit('account.resumed', resumed('a account.resumed b'));
    live.emit('account.resumed', resumed('b b'));
    expect(heard).toEqual([]);
  });

  it('go on to the other listeners when one throws or rejects, and say so in the log', async () => {
    const { live, heard, hear, errors } = listening();
    live.on('account.resumed', () => {
      throw new Error('thrown');
    });
    live.on('account.resumed', async () => {
      throw new Error('rejected');
    });
    live.on('account.resumed', hear);
    live.emit('account.resumed', resumed('a'));
    await Promise.resolve();
    expect(heard).toEqual(['a']);
    expect(JSON.stringify(errors)).toMatch(/thrown.*rejected/);
  });
});
