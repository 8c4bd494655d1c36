import fc from 'fast-check';

/** One of several, which are divided by `; `. */
function oneOf(written: string): fc.Arbitrary<string> {
  return fc.constantFrom(...written.split('; '));
}

/** Names of tags, names that templates assign, and names that objects have of themselves. */
const name = oneOf(
  'a; b; c; d; rows; group; x; y; item; forloop; now; unsubscribe; missing; size; first; last; constructor; __proto__; toString',
);

const segment = fc.oneof(
  { weight: 3, arbitrary: oneOf('.name; .flag; .n; .size; .first; .last; .url') },
  oneOf("[0]; [-1]; [9]; ['name']; [1.5]; ['']; [nil]; [true]; [(1..2)]; ['0']"),
  oneOf('.index; .index0; .rindex; .rindex0; .length; .next; .i; .valueOf'),
  oneOf('.constructor; .__proto__; .toString; .liquidMethodMissing; .toLiquid'),
  name.map((key) => `[${key}]`),
  name.map((key) => `[${key}.name]`),
);

/** Most lead to a text or a number, so that templates get somewhere. */
const path = fc.oneof(
  { weight: 4, arbitrary: oneOf('a; b; group.name; rows[0].name; rows.size; forloop.index; forloop.last') },
  { weight: 3, arbitrary: oneOf('x; y; item; item.name; item.n; now; a.size; b.first') },
  {
    weight: 2,
    arbitrary: fc.tuple(name, fc.array(segment, { maxLength: 3 })).map((parts) => parts.flat().join('')),
  },
);

const literal = oneOf(
  `0; 1; 2; -1; 3.5; -0; 12345678901234567890; ''; ' '; 'a'; "ab <c>"; 'name'; '\\u0041\\n'; 'abc'.size; (2..5).last; '2026-11-27'; true; false`,
);

const anything = fc.oneof(
  oneOf("nil; null; empty; blank; (1..3); (3..1); ('a'..'c'); rows; group"),
  fc.tuple(path, path).map(([low, high]) => `(${low}..${high})`),
);

const operand = fc.oneof(
  { weight: 6, arbitrary: path },
  { weight: 3, arbitrary: literal },
  { weight: 1, arbitrary: anything },
);

/** Filters, with operands at `_`: those that take every value, and those that do not. */
const EASY =
  "upcase; downcase; capitalize; strip; size; first; last; reverse; uniq; compact; append: _; prepend: _; split: _; join: _; join; replace: _, _; remove: _; slice: _; slice: 1, 2; slice: _, _; truncate: _; truncate: 3, _; truncatewords: 1; strip_html; newline_to_br; default: _; default: _, allow_false: true; default: _, allow_false: _; plus: _; minus: _; times: _; divided_by: _; divided_by: _, _; modulo: _; round; round: _; abs; at_least: _; sort: 'name'; map: 'name'; sum: 'n'; sum; where: 'flag'; where: 'name', _; where: 'now'; reject: 'flag'; find: 'name', _; has: _; group_by: 'name'; concat: _; push: _; pop; json; to_integer; url_encode; escape; base64_encode; array_to_sentence_string";
const DEMANDING =
  "sort; sort: _; sort_natural: 'name'; map: _; unshift: _; shift; inspect; sha256; url_decode; slugify; slugify: _; date; date: _; date: 'long'; date: '%-d. %b %Y %H:%M %z'; time; time: 'full'; datetime; datetime: 'full', _; number; number: 2; number: _; percent; money; money: 'DKK'; money: _";

const filter = fc
  .oneof({ weight: 30, arbitrary: oneOf(EASY) }, { weight: 1, arbitrary: oneOf(DEMANDING) })
  .chain((written) => {
    const [start = '', ...rest] = written.split(/(?<= )_/);
    return fc
      .tuple(...rest.map((end) => operand.map((value) => value + end)))
      .map((filled) => start + filled.join(''));
  });

const filtered = fc
  .tuple(operand, fc.array(filter, { maxLength: 2 }))
  .map((parts) => parts.flat().join(' | '));

/** Lists and groups are no text: what was filtered is mostly shown as JSON. */
const shown = fc.oneof(
  {
    weight: 3,
    arbitrary: oneOf('a; b; x; group.name; rows[0].name; item.name; item; forloop.index; forloop.rindex0'),
  },
  { weight: 6, arbitrary: filtered.map((value) => `${value} | json`) },
  filtered,
);

const comparison = fc.tuple(oneOf('==; !=; >; <; >=; <=; contains; and; or; and not; or not'), operand);

const condition = fc
  .tuple(
    oneOf('; ; ; not '),
    operand,
    fc.array(comparison, { maxLength: 4 }),
    oneOf('; ; ;  | size;  | first'),
  )
  .map(([not, first, rest, last]) => `${not}${[first, ...rest.flat()].join(' ')}${last}`);

/** A tag or an output, with white space control at random. */
function marked([open, close]: readonly [string, string], inner: string): fc.Arbitrary<string> {
  return fc
    .tuple(oneOf('; ; ; -'), oneOf('; ; ; -'))
    .map((dash) => `${open}${dash[0]} ${inner} ${dash[1]}${close}`);
}

const PLACES =
  'html; html; html; text; text; line; lines; url; url_open; url_part; url_path; url_opaque; url_query; css; css_url; url: "text"';

const output = fc
  .tuple(shown, fc.oneof({ weight: 20, arbitrary: oneOf(PLACES) }, fc.constant(undefined)))
  .chain(([value, place]) =>
    marked(['{{', '}}'], place === undefined ? value : `${value} | posthorn_${place}`),
  );

const quiet = fc
  .oneof(
    fc.tuple(oneOf('x; y; a; item; now'), filtered).map(([to, value]) => `assign ${to} = ${value}`),
    oneOf('increment x; decrement x; increment a; decrement y; increment missing'),
    oneOf("cycle 'odd', 'even'; cycle x: 'odd', 'even'; cycle a, b, rows.size; cycle group: nil, 0"),
  )
  .chain((tag) => marked(['{%', '%}'], tag));

const modifiers = fc
  .tuple(
    fc.option(
      operand.map((of) => `limit: ${of}`),
      { nil: '' },
    ),
    fc.option(
      operand.map((of) => `offset: ${of}`),
      { nil: '' },
    ),
    oneOf('; ; ; reversed; reversed: false; other: a'),
  )
  .map((written) => written.toReversed().join(' '));

const rows = fc.oneof({ weight: 3, arbitrary: oneOf('rows; (1..3); group; a; x') }, operand);

/** Whole templates of what compiled sources hold. */
export const template: fc.Arbitrary<string> = fc.letrec<{ text: string; node: string }>((tie) => {
  const inner = tie('text');
  return {
    text: fc.array(tie('node'), { minLength: 1, maxLength: 5 }).map((nodes) => nodes.join('')),
    node: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom('Hi ', ' \n ', 'Ærø 👋', '<b>', '{{ "{" }}'),
      { weight: 3, arbitrary: output },
      quiet,
      fc
        .tuple(condition, inner, condition, inner, inner)
        .map(
          ([when, one, or, two, rest]) =>
            `{% if ${when} %}${one}{% elsif ${or} %}${two}{% else %}${rest}{% endif %}`,
        ),
      fc
        .tuple(condition, inner, condition, inner)
        .map(([when, one, or, two]) => `{% unless ${when} %}${one}{% elsif ${or} %}${two}{% endunless %}`),
      fc
        .tuple(filtered, operand, operand, inner, operand, inner, inner)
        .map(
          ([value, one, two, first, three, second, rest]) =>
            `{% case ${value} %}{% when ${one}, ${two} %}${first}{% when ${three} %}${second}{% else %}${rest}{% endcase %}`,
        ),
      fc
        .tuple(oneOf('item; item; x; rows; size'), rows, modifiers, inner, inner)
        .map(
          ([row, of, how, body, none]) =>
            `{% for ${row} in ${of} ${how} %}${body}{% else %}${none}{% endfor %}`,
        ),
      fc
        .tuple(rows, inner, condition, oneOf('break; continue'), inner)
        .map(
          ([of, before, when, leave, after]) =>
            `{% for item in ${of} %}${before}{% if ${when} %}x{% ${leave} %}y{% endif %}${after}{% endfor %}`,
        ),
      fc
        .tuple(oneOf('x; y; group'), inner)
        .map(([to, body]) => `{% capture ${to} %}${body}{% endcapture %}{{ ${to} | posthorn_html }}`),
    ),
  };
}).text;
