import type { Condition } from '../ports/index.ts';
import type { FieldColumn, KeyColumn, SqlDialect } from './sql-dialect.ts';
import { ALWAYS, type Fragment, joinBalanced, NEVER, sql } from './sql-fragment.ts';

/** What a condition may name, as the source declares it. */
export interface SqlNames {
  readonly dialect: SqlDialect;
  readonly id: KeyColumn;
  readonly fields: Readonly<Record<string, FieldColumn>>;
  readonly relations: Readonly<Record<string, SqlRelationNames>>;
}

export interface SqlRelationNames {
  readonly from: Fragment;
  readonly on: Fragment;
  readonly fields: Readonly<Record<string, FieldColumn>>;
}

/**
 * A checked condition as an expression. SQL is undecided where a value is missing, and stays so under `not`: so negation
 * is carried down to the tests, each of which is then asked whether it `is not true`.
 */
export function compileCondition(condition: Condition, names: SqlNames): Fragment {
  return compile(condition, false, names);
}

function compile(condition: Condition, negated: boolean, names: SqlNames): Fragment {
  switch (condition.kind) {
    case 'all':
      return joinParts(condition.of, !negated, negated, names);
    case 'any':
      return joinParts(condition.of, negated, negated, names);
    case 'not':
      return compile(condition.of, !negated, names);
    case 'related': {
      const { from, on, fields } = known(names.relations, condition.relation);
      const where = compile(condition.where, false, { ...names, fields });
      const row = sql`exists (select 1 from ${from} where (${on}) and ${where})`;
      return negated ? sql`not ${row}` : row;
    }
    case 'ids':
      return decided(names.id.among(condition.ids), negated);
    case 'test': {
      const column = known(names.fields, condition.field);
      if (condition.test.is === 'null')
        return negated ? sql`${column.sql} is not null` : sql`${column.sql} is null`;
      return decided(names.dialect.test(column, condition.test), negated);
    }
  }
}

/** Nobody is excluded by no rule at all where all must hold; where one must hold, nobody has it. */
function joinParts(parts: readonly Condition[], isAll: boolean, negated: boolean, names: SqlNames): Fragment {
  const compiled = parts.map((part) => compile(part, negated, names));
  return isAll ? joinBalanced(compiled, 'and', ALWAYS) : joinBalanced(compiled, 'or', NEVER);
}

function decided(test: Fragment, negated: boolean): Fragment {
  return negated ? sql`(${test}) is not true` : test;
}

function known<T>(named: Readonly<Record<string, T>>, name: string): T {
  const found = named[name];
  if (found === undefined) throw new TypeError('A condition was not checked.');
  return found;
}
