import type { Context } from '../context.ts';
import { newId } from '../ids.ts';
import type { BroadcastChunk } from '../ports/index.ts';
import type { Draft } from './draft.ts';

/** The most messages that one job carries, where the account's adapter does not say. */
const CHUNK_SIZE = 250;

/** A chunk with room for more, by one account and with one content, as a request can carry it. Plain JSON. */
export interface OpenChunk extends BroadcastChunk {
  readonly skeletonId: string;
  /** How many messages it has. */
  readonly size: number;
}

/** Says into which chunk each message goes. */
export interface ChunkFiller {
  chunkOf(draft: Draft): string;
  /** Those that got a message. */
  filled(): readonly BroadcastChunk[];
  /** Those that have room, for the next page. */
  open(): readonly OpenChunk[];
}

/** Goes on with chunks that are open, and begins another one where one is full. */
export function fillChunks(
  { adapters, clock }: Pick<Context, 'adapters' | 'clock'>,
  begun: readonly OpenChunk[] = [],
): ChunkFiller {
  const open = new Map(begun.map((chunk) => [lineOf(chunk), chunk]));
  const filled = new Map<string, BroadcastChunk>();
  return {
    chunkOf({ message: { account, accountTenant, skeletonId }, account: { adapter } }) {
      const line = { account, accountTenant, skeletonId };
      const name = lineOf(line);
      const { chunk, size } = open.get(name) ?? { chunk: newId(clock), size: 0 };
      filled.set(chunk, { chunk, account, accountTenant });
      const isFull = size + 1 >= (adapters.get(adapter)?.chunkSize ?? CHUNK_SIZE);
      if (isFull) open.delete(name);
      else open.set(name, { ...line, chunk, size: size + 1 });
      return chunk;
    },
    filled: () => [...filled.values()],
    open: () => [...open.values()],
  };
}

function lineOf({
  account,
  accountTenant,
  skeletonId,
}: Pick<OpenChunk, 'account' | 'accountTenant' | 'skeletonId'>): string {
  return JSON.stringify([accountTenant, account, skeletonId]);
}
