import { z } from 'zod';
import type { SourceField, SourceFields, SourceRelation, SourceScope } from '../ports/index.ts';
import { failed } from './read-failure.ts';

/** Tag values by recipient id. */
export type RecipientData =
  | ReadonlyMap<string, Readonly<Record<string, unknown>>>
  | Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** Tag values for these recipients (at most 500 at a time), by id. */
export type RecipientDataFetcher = (
  ids: readonly string[],
  scope: SourceScope,
) => RecipientData | Promise<RecipientData>;

type DataById = ReadonlyMap<string, Readonly<Record<string, unknown>>>;

/**
 * What the `data` of a source answered, by ids as texts: databases give numbers, which a Map would keep apart from them.
 *
 * @throws SourceError `source_failed`
 */
export function dataMap(data: unknown, label: string): DataById {
  if (data instanceof Map) return new Map(Array.from(data, ([id, values]) => [String(id), values]));
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return new Map(Object.entries(data));
  throw failed(label, 'Its `data` answered neither a Map nor an object.', {
    advice: 'Answer the tag values of each recipient by its id.',
  });
}

/** What people may see of declared fields: not where they stand. */
export function publicFields(fields: SourceFields = {}): SourceFields {
  return mapValues(fields, ({ type, label, group, values }): SourceField => ({ type, label, group, values }));
}

/** What people may see of declared relations. */
export function publicRelations(
  relations: Readonly<Record<string, SourceRelation>> = {},
): Readonly<Record<string, SourceRelation>> {
  return mapValues(relations, ({ label, fields }) => ({ label, fields: publicFields(fields) }));
}

export function mapValues<From, To>(
  named: Readonly<Record<string, From>>,
  change: (value: From, name: string) => To,
): Record<string, To> {
  return Object.fromEntries(Object.entries(named).map(([name, value]) => [name, change(value, name)]));
}

export const functionSchema = z.custom((value) => typeof value === 'function', 'must be a function');
export const labelSchema = z.string().min(1).max(200);

/** Names stand in queries as `field` and `relation.field`. */
const nameSchema = z
  .string()
  .regex(/^[^.\p{C}]{1,64}$/u, 'must be a name of 1 to 64 characters without "."')
  .refine((name) => name.trim() === name && name !== '__proto__', 'must be a name');

/** `type` and what people see; `place` says where the value stands. */
export function fieldsSchema<Place extends z.ZodRawShape>(place: Place) {
  const field = z.strictObject({
    type: z.enum(['text', 'number', 'boolean', 'date', 'datetime']),
    label: labelSchema,
    group: labelSchema.optional(),
    values: z.array(z.strictObject({ value: z.string(), label: z.string() })).optional(),
    ...place,
  });
  return z.record(nameSchema, field);
}

/** Posthorn answers these itself, of every source. */
const RESERVED: readonly (readonly [relation: string, field: string])[] = [
  ['email', 'status'],
  ['phone', 'status'],
];

export function relationsSchema<Relation extends z.ZodType<{ fields: Record<string, unknown> }>>(
  relation: Relation,
) {
  return z.record(nameSchema, relation).superRefine((relations, context) => {
    for (const [name, field] of RESERVED) {
      if (relations[name] === undefined || !Object.hasOwn(relations[name].fields, field)) continue;
      const message = `is asked as "${name}.${field}", which is Posthorn's own`;
      context.addIssue({ code: 'custom', path: [name, 'fields', field], message });
    }
  });
}
