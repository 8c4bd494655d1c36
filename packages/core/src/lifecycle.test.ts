import { describe, expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import type { Backend, OpenedBackend } from './ports/index.ts';
import { createVault } from './secrets/index.ts';

const vault = createVault({ current: 'k1', keys: { k1: 'a-key-for-tests-only-0123456789-abcdef' } });
const runtime = {} as never;

function scripted(openings: readonly ('opens' | 'fails')[]) {
  const story: string[] = [];
  let opened = 0;
  const backend = {
    open: () => {
      const next = openings[opened];
      opened += 1;
      story.push(`open ${next}`);
      if (next === 'fails') return Promise.reject(new Error('no such folder'));
      return Promise.resolve({
        store: {
          keyring: { list: async () => [], getOrAdd: async (_name: string, sealed: string) => sealed },
        },
        close: async () => {
          story.push('close');
        },
      } as unknown as OpenedBackend);
    },
  } as unknown as Backend;
  const lifecycle = createLifecycle(backend, runtime, vault, { follow: async () => {} }, () => {});
  return { story, lifecycle };
}

describe('the life of an instance', () => {
  it('opens its database once, however many ask at the same time', async () => {
    const { story, lifecycle } = scripted(['opens']);
    await Promise.all([lifecycle.open(), lifecycle.open()]);
    await lifecycle.open();
    expect(story).toEqual(['open opens']);
  });

  it('tries again after a database could not be opened', async () => {
    const { lifecycle } = scripted(['fails', 'opens']);
    await expect(lifecycle.open()).rejects.toThrow('no such folder');
    await expect(lifecycle.open()).resolves.toHaveProperty('keyring');
  });

  it('closes once, after what has to happen before, and opens no more', async () => {
    const { story, lifecycle } = scripted(['opens']);
    await lifecycle.open();
    const before = async () => {
      story.push('before');
    };
    await Promise.all([lifecycle.close(before), lifecycle.close(before)]);
    expect(story).toEqual(['open opens', 'before', 'close']);
    await expect(lifecycle.open()).rejects.toMatchObject({ code: 'closed' });
  });

  it('still answers what has begun while it is being closed, as a worker that stops opens accounts until it has', async () => {
    const { lifecycle } = scripted(['opens']);
    const opened = await lifecycle.open();
    const answered: unknown[] = [];
    await lifecycle.close(async () => {
      answered.push(await lifecycle.stillOpen());
      await expect(lifecycle.open()).rejects.toMatchObject({ code: 'closed' });
    });
    expect(answered).toEqual([opened]);
  });

  it('was never opened, and is closed: nothing opens it any more', async () => {
    const { story, lifecycle } = scripted(['opens']);
    await lifecycle.close(async () => undefined);
    await expect(lifecycle.stillOpen()).rejects.toMatchObject({ code: 'closed' });
    expect(story).toEqual([]);
  });

  it('closes the database even where what came before failed', async () => {
    const { story, lifecycle } = scripted(['opens']);
    await lifecycle.open();
    await expect(lifecycle.close(() => Promise.reject(new Error('stuck')))).rejects.toThrow('stuck');
    expect(story).toEqual(['open opens', 'close']);
  });

  it('opens no database only to close it', async () => {
    const { story, lifecycle } = scripted([]);
    await lifecycle.close(async () => undefined);
    expect(story).toEqual([]);
  });
});
