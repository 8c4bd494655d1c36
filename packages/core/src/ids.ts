import { randomFillSync } from 'node:crypto';
import type { Clock } from './ports/index.ts';

/** Asked for in bulk: each time costs as much as the rest of the id. */
const pool = Buffer.alloc(4_000);
const BYTES = 10;
let used = pool.length;
let lastMs = 0;
let sequence = 0;

/**
 * A UUIDv7 (RFC 9562, section 5.7): sorts by time, and within one process strictly, by 12 bits of sequence in `rand_a`
 * (section 6.2, method 1).
 */
export function newId(clock: Clock): string {
  const random = nextRandom();
  const nowMs = clock.now();
  if (nowMs > lastMs) {
    lastMs = nowMs;
    sequence = ((random[8] ?? 0) << 3) | ((random[9] ?? 0) & 7);
  } else if (sequence < 0xfff) {
    sequence += 1;
  } else {
    // The millisecond is used up (or the clock stepped back): borrow from the next one.
    lastMs += 1;
    sequence = 0;
  }
  return format(lastMs, sequence, random);
}

/** Bytes that nobody has been given before. */
function nextRandom(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += BYTES;
  return pool.subarray(used - BYTES, used);
}

function format(ms: number, sequenceBits: number, random: Buffer): string {
  const time = ms.toString(16).padStart(12, '0').slice(-12);
  const tail = Buffer.from(random.subarray(0, 8));
  tail[0] = ((tail[0] ?? 0) & 0x3f) | 0x80;
  const hex = tail.toString('hex');
  const version = `7${sequenceBits.toString(16).padStart(3, '0')}`;
  return `${time.slice(0, 8)}-${time.slice(8)}-${version}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
