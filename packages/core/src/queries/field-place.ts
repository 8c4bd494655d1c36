import { quoted } from '../did-you-mean.ts';
import type { FieldType, RecipientSource, SourceField } from '../ports/index.ts';
import { brokenSource } from '../recipients/index.ts';
import { HEALTH_FIELDS } from './address-health.ts';

/** A field that rules can name. */
export interface FieldPlace {
  /** Null for a field of the recipient's own. */
  readonly relation: string | null;
  /** As the source, or the relation, declares it. */
  readonly name: string;
  readonly field: SourceField;
}

const TYPES: readonly FieldType[] = ['text', 'number', 'boolean', 'date', 'datetime'];

/** What a source's recipients can be asked, by the name that rules call it. */
export function fieldPlaces(source: RecipientSource): ReadonlyMap<string, FieldPlace> {
  const places = new Map<string, FieldPlace>();
  const add = (called: string, place: FieldPlace): void => {
    if (!TYPES.includes(place.field.type)) {
      throw brokenSource(source, `Its field ${quoted(called)} has no type that is known.`);
    }
    // Health is Posthorn's own to answer.
    if (!HEALTH_FIELDS.has(called) && !places.has(called)) places.set(called, place);
  };
  for (const [name, field] of Object.entries(source.fields ?? {})) {
    add(name, { relation: null, name, field });
  }
  for (const [relation, { fields }] of Object.entries(source.relations ?? {})) {
    for (const [name, field] of Object.entries(fields)) {
      add(`${relation}.${name}`, { relation, name, field });
    }
  }
  return places;
}
