import { first, type Program, statement } from '../program.ts';

const replace = statement((db, p: { name: string; before: string; after: string }) =>
  db
    .updateTable('posthorn_keyring')
    .set({ sealed: p.after })
    .where('name', '=', p.name)
    .where('sealed', '=', p.before)
    .returning('name'),
);

export function* resealKey(name: string, before: string, after: string): Program<boolean> {
  return (yield* first(replace, { name, before, after })) !== undefined;
}
