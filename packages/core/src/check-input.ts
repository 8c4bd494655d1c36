import { z } from 'zod';
import { quoted } from './did-you-mean.ts';
import { type ErrorIssue, InputError } from './errors.ts';

/** The most problems one error names, and how long a sentence about one may be. */
const MAX_ISSUES = 20;
const MAX_SENTENCE = 300;
/** The most that stand in its message: a misspelt name is two, the field that is missing and the one that is unknown. */
const TOLD_ISSUES = 3;

/** How accounts, identities and templates are named: short, and safe in a URL, a file name and a log. */
export const keySchema = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'must be 1 to 64 letters, digits, ".", "_" or "-"');

/** A key by which something is looked up: any text may be asked for, and only well-formed ones are found. */
export const lookupSchema = z.string().max(255);

/**
 * Checks what a caller passed in and answers it as the schema gives it. `what` names it in the error ("account"); `at`
 * is the path of the value itself where it is a part of something larger (`to[3]`). Never shows a value, which may be
 * a secret.
 *
 * @throws InputError `invalid_input` with every problem in `issues`, the first one's `path`.
 */
export function checkInput<T>(schema: z.ZodType<T>, value: unknown, what: string, at = ''): T {
  const result = parse(schema, value, what, at);
  if (result.success) return result.data;
  const issues = result.error.issues.flatMap((issue) => flatten(issue, at)).slice(0, MAX_ISSUES);
  throw inputErrorOf(what, issues);
}

/** One `invalid_input` error for problems that are known already. */
export function inputErrorOf(what: string, issues: readonly ErrorIssue[]): InputError {
  const [first] = issues;
  const told = issues.slice(0, TOLD_ISSUES).map(({ path, message }) => {
    return `${path === '' ? '' : `${path}: `}${message.replace(/\.$/, '')}`;
  });
  const more = issues.length > told.length ? ` (and ${issues.length - told.length} more)` : '';
  const message = `Invalid ${what}: ${told.join('; ') || 'not as expected'}${more}.`;
  return new InputError('invalid_input', message, { path: first?.path, issues });
}

function parse<T>(schema: z.ZodType<T>, value: unknown, what: string, at: string) {
  try {
    return schema.safeParse(value, { error: sentenceOf });
  } catch (cause) {
    // A getter that throws, a proxy, a structure without an end.
    const path = at === '' ? undefined : at;
    throw new InputError('invalid_input', `Invalid ${what}: it cannot be read.`, {
      path,
      advice: 'Pass plain data.',
      cause,
    });
  }
}

/** Zod's words, where ours are plainer; a schema's own words come first anyway. */
function sentenceOf(issue: z.core.$ZodRawIssue): string | undefined {
  if (issue.code === 'invalid_type') {
    const expected = EXPECTED[issue.expected] ?? issue.expected;
    return issue.input === undefined ? `is missing (${expected})` : `must be ${expected}`;
  }
  if (issue.code === 'unrecognized_keys') {
    return `has no field ${issue.keys.slice(0, 3).map(quoted).join(', ')}`;
  }
  if (issue.code === 'invalid_value') {
    return `must be ${issue.values.map((value) => (typeof value === 'string' ? quoted(value) : String(value))).join(' or ')}`;
  }
  return undefined;
}

const EXPECTED: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
  date: 'a Date',
  map: 'a Map',
};

/** Of a union, the form that came nearest is the one that was meant. */
function flatten(issue: z.core.$ZodIssue, at: string): ErrorIssue[] {
  const path = pathOf(issue.path, at);
  if (issue.code === 'invalid_union') {
    const [nearest] = [...issue.errors].sort((a, b) => a.length - b.length);
    if (nearest !== undefined && nearest.length > 0) return nearest.flatMap((inner) => flatten(inner, path));
  }
  const message =
    issue.message.length > MAX_SENTENCE ? `${issue.message.slice(0, MAX_SENTENCE)}…` : issue.message;
  return [{ path, message }];
}

/** `to[3].email`; names that are no identifiers stand in brackets. */
function pathOf(keys: readonly PropertyKey[], at: string): string {
  let path = at;
  for (const key of keys) {
    if (typeof key === 'number') path += `[${key}]`;
    else if (typeof key === 'string' && /^[A-Za-z_$][\w$-]*$/.test(key) && key.length <= 80)
      path += path === '' ? key : `.${key}`;
    else path += `[${quoted(String(key))}]`;
  }
  return path;
}
