import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Binaries, findBinaries } from './binaries.ts';

/** Everything one server needs. */
export interface Place {
  readonly folder: string;
  readonly data: string;
  readonly postgres: string;
  readonly identity: Identity;
}

/** Whom Postgres runs as: us, or nobody where we are root, which it refuses to be. */
export interface Identity {
  readonly uid?: number;
  readonly gid?: number;
}

const NOBODY = 65_534;
/** Not bytewise, as on most servers: what relies on the order of bytes has to ask for it. */
const SORTING = ['--locale-provider=icu', '--icu-locale=en'];

/** A new data folder: a copy of one that `initdb` made once for this machine, which would take a second each time. */
export async function makePlace(): Promise<Place> {
  const identity = process.getuid?.() === 0 ? { uid: NOBODY, gid: NOBODY } : {};
  const binaries = await findBinaries();
  const store = join(tmpdir(), `posthorn-postgres-${process.getuid?.() ?? 0}-${versionOf(binaries)}`);
  if (!isOurs(store)) makeStore(store, binaries, identity);
  const folder = mkdtempSync(join(tmpdir(), 'posthorn-postgres-'));
  const data = join(folder, 'data');
  copy(join(store, 'data'), data, identity);
  give(folder, identity);
  return { folder, data, postgres: reachable(binaries, store, identity).postgres, identity };
}

/** Filled beside its place and then moved there, as others may be doing the same. */
function makeStore(store: string, binaries: Binaries, identity: Identity): void {
  const fresh = mkdtempSync(`${store}-`);
  give(fresh, identity);
  if (!isReachable(binaries.postgres, identity))
    copy(nativeFolder(binaries), join(fresh, 'native'), identity);
  const { initdb } = reachable(binaries, fresh, identity);
  const data = join(fresh, 'data');
  execFileSync(
    initdb,
    [
      '-D',
      data,
      '-U',
      'postgres',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C',
      ...SORTING,
      '--no-sync',
      '--no-instructions',
    ],
    { ...identity, cwd: fresh, stdio: ['ignore', 'ignore', 'pipe'] },
  );
  try {
    // What a cleaner of the temporary folder has left of an old one.
    if (!isOurs(store)) rmSync(store, { recursive: true, force: true });
    renameSync(fresh, store);
  } catch (error) {
    rmSync(fresh, { recursive: true, force: true });
    if (!isOurs(store)) throw error;
  }
}

/** Where a folder on the way is closed to whom Postgres runs as, it runs from a copy. */
function reachable(binaries: Binaries, store: string, identity: Identity): Binaries {
  if (isReachable(binaries.postgres, identity)) return binaries;
  const moved = (path: string): string => path.replace(nativeFolder(binaries), join(store, 'native'));
  return { initdb: moved(binaries.initdb), postgres: moved(binaries.postgres) };
}

function isReachable(path: string, { uid }: Identity): boolean {
  if (uid === undefined) return true;
  for (let folder = path; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & constants.S_IXOTH) === 0) return false;
  }
  return true;
}

/** `…/native/bin/postgres` */
function nativeFolder({ postgres }: Binaries): string {
  return dirname(dirname(postgres));
}

/** npm's package carries no version of Postgres but its own, which changes with it. */
function versionOf(binaries: Binaries): string {
  const { size, mtimeMs } = statSync(binaries.postgres);
  return `${size.toString(36)}-${Math.round(mtimeMs).toString(36)}`;
}

/** Whole, and not somebody else's. */
function isOurs(store: string): boolean {
  if (!existsSync(join(store, 'data', 'PG_VERSION'))) return false;
  const { uid } = statSync(store);
  return process.getuid === undefined || uid === process.getuid() || uid === NOBODY;
}

function copy(from: string, to: string, identity: Identity): void {
  mkdirSync(to);
  cpSync(from, to, { recursive: true, verbatimSymlinks: true, mode: constants.COPYFILE_FICLONE });
  if (identity.uid === undefined) chmodSync(to, 0o700);
  else for (const name of readdirSync(to, { recursive: true })) give(join(to, String(name)), identity);
  give(to, identity);
  chmodSync(to, 0o700);
}

function give(path: string, { uid, gid }: Identity): void {
  if (uid !== undefined && gid !== undefined) chownSync(path, uid, gid);
}
