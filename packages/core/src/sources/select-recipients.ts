import { InputError } from '../errors.ts';
import type { Condition, SourceQuestion, SourceScope } from '../ports/index.ts';
import { compileCondition, type SqlNames } from './compile-condition.ts';
import { ANSWER } from './read-recipients.ts';
import type { KeyColumn } from './sql-dialect.ts';
import { ALWAYS, type Fragment, joinBalanced, listed, NEVER, sql, trusted } from './sql-fragment.ts';

/** A source as its statements need it. */
export interface SqlTable extends SqlNames {
  readonly from: Fragment;
  readonly tenant: KeyColumn | undefined;
  /** Name, addresses and the like, each with its name in the answer. */
  readonly columns: readonly Fragment[];
}

/** The statement that reads recipients by id. */
export function selectByIds(table: SqlTable, ids: readonly string[], scope: SourceScope): Fragment {
  return sql`${selection(table, scope, [])} where ${wall(table, scope)} and ${table.id.among(ids)} order by ${table.id.order}`;
}

/**
 * The statement that reads a page, and one row more. It goes on by the id of the row before and not by a count, so what
 * comes and goes meanwhile moves nobody else, and the last page costs what the first one does.
 *
 * @throws InputError `invalid_cursor`
 */
export function selectPage(table: SqlTable, question: SourceQuestion, scope: SourceScope): Fragment {
  const { where, probes, after, limit } = question;
  const conditions = [wall(table, scope), begin(table.id, after), compileCondition(where, table)];
  return sql`${selection(table, scope, probes)} where ${joinBalanced(conditions, 'and', ALWAYS)} order by ${table.id.order} limit ${trusted(String(Math.trunc(limit) + 1))}`;
}

/** Where the tenant's rows end. It stands beside the whole query, so that nothing in a query reaches over it. */
function wall({ tenant }: SqlTable, scope: SourceScope): Fragment {
  if (!scope.scoped) return ALWAYS;
  return tenant === undefined ? NEVER : tenant.is(scope.tenant);
}

function selection(table: SqlTable, scope: SourceScope, probes: readonly Condition[]): Fragment {
  const { id, tenant, columns } = table;
  const named = [
    answer(id.text, 'id'),
    ...(id.kind === null ? [] : [answer(id.kind, 'kind')]),
    ...(tenant === undefined || scope.scoped ? [] : [answer(tenant.text, 'tenant')]),
    ...columns,
    ...(probes.length === 0 ? [] : [answer(digitsOf(probes, table), 'probes')]),
  ];
  return sql`select ${listed(named)} from ${table.from}`;
}

/** A column under its name in the answer. */
export function answer(column: Fragment, name: keyof typeof ANSWER): Fragment {
  return sql`${column} as ${trusted(ANSWER[name])}`;
}

/** One text of ones and zeroes: databases limit how many columns an answer has. */
function digitsOf(probes: readonly Condition[], table: SqlTable): Fragment {
  const digits = probes.map(
    (probe) => sql`case when ${compileCondition(probe, table)} then '1' else '0' end`,
  );
  return joinBalanced(digits, '||', sql`''`);
}

/** Rows of a join may have no id at all. */
function begin(id: KeyColumn, after: string | null): Fragment {
  if (after === null) return sql`${id.order} is not null`;
  const colon = after.indexOf(':');
  const begun = colon < 0 ? undefined : id.after(after.slice(colon + 1), after.slice(0, colon));
  if (begun !== undefined) return begun;
  throw new InputError('invalid_cursor', 'The cursor is not one of this source.', {
    path: 'cursor',
    advice: 'Pass `next` of the page before.',
  });
}
