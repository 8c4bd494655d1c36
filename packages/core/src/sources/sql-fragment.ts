/** What a statement is given beside its text: Postgres gets texts only, and casts them. */
export type SqlParameter = string | number;

/** A part of a statement whose values are apart from its text. */
export interface Fragment {
  readonly texts: readonly string[];
  readonly holes: readonly (Fragment | SqlParameter)[];
}

/** Text of ours with holes: what stands in one is a parameter, unless it is a fragment. */
export function sql(texts: TemplateStringsArray, ...holes: (Fragment | SqlParameter)[]): Fragment {
  return { texts, holes };
}

/** Text of the host's own options. Nothing that comes with a query may go through here. */
export function trusted(text: string): Fragment {
  return { texts: [text], holes: [] };
}

export const ALWAYS = sql`1 = 1`;
export const NEVER = sql`1 = 0`;

/**
 * Joins expressions in pairs of pairs: ten thousand of them are fourteen levels deep and not ten thousand, which is more
 * than SQLite reads. `none` where there are none.
 */
export function joinBalanced(
  parts: readonly Fragment[],
  operator: 'and' | 'or' | '||',
  none: Fragment,
): Fragment {
  const [first = none] = parts;
  if (parts.length <= 1) return first;
  const middle = parts.length >>> 1;
  const left = joinBalanced(parts.slice(0, middle), operator, none);
  const right = joinBalanced(parts.slice(middle), operator, none);
  return sql`(${left} ${trusted(operator)} ${right})`;
}

/** Parts between commas, as they stand in a list of columns. */
export function listed(parts: readonly Fragment[]): Fragment {
  return { texts: ['', ...parts.slice(1).map(() => ', '), ''], holes: parts };
}

/** The statement's text and its parameters, in the order of their placeholders. */
export function renderSql(
  fragment: Fragment,
  placeholder: (number: number, count: number) => string,
): { text: string; params: SqlParameter[] } {
  const params: SqlParameter[] = [];
  const pieces: (string | number)[] = [];
  const write = ({ texts, holes }: Fragment) => {
    for (const [index, text] of texts.entries()) {
      pieces.push(text);
      const hole = holes[index];
      if (typeof hole === 'object') write(hole);
      else if (hole !== undefined) pieces.push(params.push(hole));
    }
  };
  write(fragment);
  const written = pieces.map((piece) =>
    typeof piece === 'string' ? piece : placeholder(piece, params.length),
  );
  return { text: written.join(''), params };
}
