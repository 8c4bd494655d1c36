import { all, type Program, statement } from '../program.ts';

const every = statement((db) => db.selectFrom('posthorn_keyring').select(['name', 'sealed']).orderBy('name'));

export function* listKeys(): Program<readonly { readonly name: string; readonly sealed: string }[]> {
  return (yield* all(every, {})).map(({ name, sealed }) => ({ name, sealed }));
}
