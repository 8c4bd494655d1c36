import { first, insert, insertion, type Program, statement } from '../program.ts';

const add = insertion('posthorn_keyring', ['name', 'sealed'], { keepExisting: true });

const byName = statement((db, p: { name: string }) =>
  db.selectFrom('posthorn_keyring').select('sealed').where('name', '=', p.name),
);

export function* getOrAddKey(name: string, sealed: string): Program<string> {
  yield* insert(add, [[name, sealed]]);
  const stored = yield* first(byName, { name });
  return stored?.sealed ?? sealed;
}
