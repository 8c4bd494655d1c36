import { findTag, type ListTag, type TagCatalogue, type TagDefinition, type ValueType } from './tag.ts';
import { type CheckedData, put } from './tag-data.ts';

/** Where a tag brings no example of its own; texts show their label. */
const EXAMPLES: Readonly<Record<Exclude<ValueType, 'text'>, unknown>> = {
  number: 3,
  money: { amount: '100.00', currency: 'EUR' },
  date: '2026-01-15',
  datetime: '2026-01-15T10:00',
  boolean: true,
  url: 'https://example.com/',
};

/**
 * Example values for the whole catalogue, nested as `data` is: each tag's own example, or one that fits its type.
 */
export function exampleData(catalogue: TagCatalogue): CheckedData {
  const data: Record<string, unknown> = {};
  for (const [name, tag] of Object.entries(catalogue)) put(data, name, exampleOf(tag));
  return data;
}

/** The example of one tag; undefined for a tag that the catalogue does not know. */
export function exampleFor(catalogue: TagCatalogue, name: string): unknown {
  const tag = findTag(catalogue, name);
  return tag === undefined ? undefined : exampleOf(tag);
}

function exampleOf(tag: TagDefinition): unknown {
  if (tag.example !== undefined) return tag.example;
  if (tag.type === 'list') return [exampleRow(tag), exampleRow(tag)];
  return exampleValue(tag.type ?? 'text', tag.label);
}

function exampleRow(tag: ListTag): Readonly<Record<string, unknown>> {
  const fields = Object.entries(tag.of).map(([field, type]) => [field, exampleValue(type, field)] as const);
  return Object.fromEntries(fields);
}

function exampleValue(type: ValueType, label: string): unknown {
  return type === 'text' ? label : EXAMPLES[type];
}
