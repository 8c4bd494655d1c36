import type { TagCatalogue, TagDefinition } from '../ports/index.ts';

export type {
  ListTag,
  Money,
  TagCatalogue,
  TagDefinition,
  TagType,
  ValueTag,
  ValueType,
} from '../ports/index.ts';

/** Stands wherever the value of a sensitive tag would. */
export const MASK = '••••••';

/** Whether templates may use any tag, as no catalogue was given. */
export function isOpen(catalogue: TagCatalogue): boolean {
  for (const _ in catalogue) return false;
  return true;
}

/** Own properties only: a tag called `toString` is not found on `Object.prototype`. */
export function findTag(catalogue: TagCatalogue, name: string): TagDefinition | undefined {
  return Object.hasOwn(catalogue, name) ? catalogue[name] : undefined;
}

/** Whether the value of a tag is sealed. */
export function isSensitive(name: string, catalogue: TagCatalogue): boolean {
  return findTag(catalogue, name)?.sensitive === true;
}

/** Names that every JavaScript object answers to. No tag and no template may be called so. */
export function isPrototypeName(name: string): boolean {
  return name === 'prototype' || name in Object.prototype;
}
