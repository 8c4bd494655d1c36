import { InputError } from '../errors.ts';

/** A query that cannot be asked. `problem` ends the sentence that begins with the path: "must be a text". */
export function queryError(path: string, problem: string, advice?: string, cause?: unknown): InputError {
  return new InputError('invalid_query', `Invalid recipient query: ${path}: ${problem}.`, {
    path,
    advice,
    cause,
    issues: [{ path, message: problem }],
  });
}
