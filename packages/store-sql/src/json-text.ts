import type { Json, JsonObject } from '@posthorn/core';

/** Equal objects have equal texts, whatever the order in which their keys were written. */
export function canonicalText(value: JsonObject): string {
  return JSON.stringify(value, (_, part: Json) => (isObject(part) ? sorted(part) : part));
}

/** Null stays null. */
export function jsonText(value: JsonObject | null): string | null {
  return value && JSON.stringify(value);
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(object: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
