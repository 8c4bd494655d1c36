import { each, type Program, run, statement } from '../program.ts';
import type { LooseRow } from './retention-tables.ts';

type Kind = LooseRow['kind'];

const keep = statement((db, p: { tenant: string; kind: Kind; keys: string }, dialect) =>
  db
    .deleteFrom('posthorn_loose')
    .where('tenant', '=', p.tenant)
    .where('kind', '=', p.kind)
    .where('key', 'in', dialect.each(p.keys)),
);

const loosen = statement((db, p: LooseRow) =>
  db
    .insertInto('posthorn_loose')
    .values({ tenant: p.tenant, kind: p.kind, key: p.key, since: p.since })
    .onConflict((conflict) => conflict.doNothing()),
);

/**
 * These are about to be used. Comes before whatever looks whether they are there: of one that is going at this moment the
 * end is waited for, and it is written anew.
 */
export function* keepLoose(tenant: string, kind: Kind, keys: readonly string[]): Program<void> {
  if (keys.length > 0) yield* run(keep, { tenant, kind, keys: JSON.stringify(keys) });
}

/** Nobody uses them; one that is loose already stays so since then. */
export function* loosenAll(tenant: string, kind: Kind, keys: Iterable<string>, since: number): Program<void> {
  yield* each(
    loosen,
    [...new Set(keys)].sort().map((key) => ({ tenant, kind, key, since })),
  );
}
