import { first, type Program, run, statement } from '../program.ts';

// No insertion: a column of this name holds numbers elsewhere, and arrays are typed by name.
const add = statement((db, p: { name: string; sealed: string }) =>
  db
    .insertInto('posthorn_keyring')
    .values({ name: p.name, sealed: p.sealed })
    .onConflict((conflict) => conflict.doNothing()),
);

const byName = statement((db, p: { name: string }) =>
  db.selectFrom('posthorn_keyring').select('sealed').where('name', '=', p.name),
);

export function* getOrAddKey(name: string, sealed: string): Program<string> {
  yield* run(add, { name, sealed });
  const stored = yield* first(byName, { name });
  return stored?.sealed ?? sealed;
}
