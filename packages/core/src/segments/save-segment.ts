import { z } from 'zod';
import { checkInput, keySchema } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import { InputError } from '../errors.ts';
import type { JsonObject, SegmentRecord } from '../ports/index.ts';
import { askableSource, checkQuery } from '../queries/index.ts';
import type { SegmentInput } from './segment.ts';

const inputSchema = z.strictObject({
  key: keySchema,
  label: z.string().max(200).optional(),
  source: z.string(),
  where: z.unknown().optional(),
});

/** A query of 10,000 short rules fits. */
const MAX_LENGTH = 1_000_000;

/** Saves a segment whose query fits its source. */
export async function saveSegment(
  context: Context,
  scope: Scope,
  input: SegmentInput,
): Promise<SegmentRecord> {
  const { key, label = null, source: sourceKey, where } = checkInput(inputSchema, input, 'segment');
  const source = askableSource(context, scope, sourceKey, 'source');
  const now = context.clock.now();
  const check = (query: unknown) =>
    checkQuery(source, sourceKey, query, { path: 'where', timeZone: scope.timeZone, now });
  // What has no end is found before it is written down, and what was written down is what counts.
  check(where);
  const query = writtenDown(where);
  check(query);

  const { segments } = (await context.open()).store;
  const { tenant } = scope;
  const record = { tenant, key, label, source: sourceKey, query, createdAt: now, updatedAt: now };
  await segments.save(record);
  return (await segments.get(tenant, key)) ?? record;
}

function writtenDown(query: unknown): JsonObject {
  const text = jsonOf(query);
  if (text.length <= MAX_LENGTH) return JSON.parse(text);
  throw new InputError('invalid_query', `The query is longer than ${MAX_LENGTH} characters as JSON.`, {
    path: 'where',
    advice: 'Declare a field of the source that says the same in fewer words.',
  });
}

function jsonOf(query: unknown): string {
  try {
    // Undefined of what says itself that it is nothing as JSON.
    return JSON.stringify(query) ?? 'null';
  } catch (cause) {
    throw new InputError('invalid_query', 'The query cannot be written as JSON.', {
      path: 'where',
      advice: 'Pass plain data.',
      cause,
    });
  }
}
