import { join } from 'node:path';
import { sqlite } from '@posthorn/backend-sqlite';
import { PosthornError, type PosthornOptions } from '@posthorn/core';
import { expect } from 'vitest';
import { dumpOf, openFolder } from '../database.test-kit.ts';
import { openSalon } from '../messages/salon.test-kit.ts';

/** A salon in a file, so that a test can see whether anything was written. */
export async function openStoredSalon(options: Partial<PosthornOptions> = {}) {
  const folder = openFolder();
  const file = join(folder, 'messages.db');
  const salon = await openSalon({ backend: sqlite(file), ...options });
  return { ...salon, folder, file };
}

/** What a refusal says. */
export interface Refusal {
  readonly code: string;
  readonly path: string;
}

/** The call is refused with an error that names place and remedy, and not a row is another than before. */
export async function expectRefused(
  file: string,
  call: () => Promise<unknown>,
  expected: Refusal,
): Promise<PosthornError> {
  const before = dumpOf(file);
  const error = await call().then(
    (answer) => expect.fail(`It was taken: ${JSON.stringify(answer)}`),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof PosthornError)) throw error;
  expect({ code: error.code, path: error.path }).toEqual(expected);
  // What to do about it is in the advice, or already in the sentence about the one field.
  expect(error.advice ?? error.issues[0]?.message).toEqual(expect.any(String));
  expect(dumpOf(file)).toEqual(before);
  return error;
}
