import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { pid } from 'node:process';

/** What the system knows of a process. */
interface Sighting {
  /** When it started, in the kernel's own ticks; empty where the kernel does not say it to us. */
  readonly start: string;
}

/**
 * Names this process in a lease: `<boot>|<pid namespace>|<pid>|<start>`. All processes on one SQLite file share a kernel
 * (the write-ahead log needs shared memory), so what the kernel says of a process is the truth. Not a random name: the
 * threads and reloaded modules of one process are one process.
 */
export function leaseOwner(): string {
  return [bootId(), pidNamespace(), pid, sightingOf(pid)?.start ?? ''].join('|');
}

/** Whether the process of that name certainly lives no more. Where that can't be known, its lease has to run out. */
export function isGone(owner: string): boolean {
  const [boot, namespace, ownerPid, start] = owner.split('|');
  if (boot === undefined || namespace === undefined || start === undefined) return false;
  if (boot !== bootId()) return hasBootIds();
  if (namespace !== pidNamespace()) return false;
  const seen = sightingOf(Number(ownerPid));
  // A process that started at another time has only been given the same number.
  return seen === undefined || (seen.start !== '' && start !== '' && seen.start !== start);
}

function sightingOf(ofPid: number): Sighting | undefined {
  try {
    const stat = readFileSync(`/proc/${ofPid}/stat`, 'utf8');
    // proc(5): `pid (name) state …`, the name may hold anything; of what follows it, field 1 is the state, 20 the start.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { start: fields[19] ?? '' };
  } catch {
    return signalled(ofPid);
  }
}

/** Where /proc is not there, or hides other users' processes: a signal that does nothing finds out whether it lives. */
function signalled(ofPid: number): Sighting | undefined {
  try {
    process.kill(ofPid, 0);
    return { start: '' };
  } catch (error) {
    // EPERM: it lives, and is somebody else's.
    return error instanceof Error && 'code' in error && error.code === 'ESRCH' ? undefined : { start: '' };
  }
}

/** New after every start of the machine. */
function bootId(): string {
  return read(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()) ?? hostname();
}

function hasBootIds(): boolean {
  return bootId() !== hostname();
}

/** Containers on one machine count their processes apart. */
function pidNamespace(): string {
  return read(() => readlinkSync('/proc/self/ns/pid')) ?? '';
}

function read(look: () => string): string | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
