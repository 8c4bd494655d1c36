import type { Backend, BackendRuntime, OpenedBackend, Store } from '@posthorn/core';

/** A backend with one fault, and the law that has to notice it. */
export interface BrokenBackend {
  readonly breaks: string;
  spoil(opened: OpenedBackend, runtime: BackendRuntime): OpenedBackend | Promise<OpenedBackend>;
}

/** The fault is in some methods of one room of the store. */
export function brokenRoom<Room extends keyof Store>(
  breaks: string,
  room: Room,
  fault: (room: Store[Room], opened: OpenedBackend, runtime: BackendRuntime) => Partial<Store[Room]>,
): BrokenBackend {
  return {
    breaks,
    spoil(opened, runtime) {
      const sound = opened.store[room];
      const spoiled = { ...sound, ...fault(sound, opened, runtime) };
      return { ...opened, store: { ...opened.store, [room]: spoiled } };
    },
  };
}

/** The fault is in the queue. */
export function brokenQueue(
  breaks: string,
  fault: (queue: OpenedBackend['queue'], runtime: BackendRuntime) => Partial<OpenedBackend['queue']>,
): BrokenBackend {
  return {
    breaks,
    spoil: (opened, runtime) => ({ ...opened, queue: { ...opened.queue, ...fault(opened.queue, runtime) } }),
  };
}

export function withFault(backend: Backend, { spoil }: BrokenBackend): Backend {
  return { ...backend, open: async (runtime) => spoil(await backend.open(runtime), runtime) };
}
