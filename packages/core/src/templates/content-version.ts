import { createHash } from 'node:crypto';
import type { JsonObject, VersionRecord } from '../ports/index.ts';
import type { UsedTags } from './check-tags.ts';
import type { ContentSource } from './template.ts';

/** A version's `source`: what it is made of, and which tags that uses. */
type StoredSource = ContentSource & UsedTags;

/** What a version is made of. */
export function contentSourceOf(version: Pick<VersionRecord, 'source'>): StoredSource {
  // Written by `versionOf` below and by nobody else.
  return version.source as unknown as StoredSource;
}

/** SHA-256 of everything a version is made of, in whatever order it was given. */
export function hashOf(source: ContentSource): string {
  return sha256(JSON.stringify(sorted(source)));
}

/** A version that is ready to be stored. */
export function versionOf(
  source: ContentSource,
  used: UsedTags,
  place: Omit<VersionRecord, 'contentHash' | 'source' | 'number'>,
): VersionRecord {
  const stored: StoredSource = { ...source, ...used };
  return {
    ...place,
    number: null,
    contentHash: hashOf(source),
    // The way to JSON leaves out what is undefined.
    source: JSON.parse(JSON.stringify(stored)) as JsonObject,
  };
}

/**
 * The id of a version without a name: the same content has the same id in every process, so that two that compose it at
 * once mean one row. A UUIDv8 (RFC 9562, section 5.8).
 */
export function adHocId(tenant: string, contentHash: string): string {
  const hex = sha256(`${tenant}\n${contentHash}`);
  const variant = ((Number.parseInt(hex.slice(16, 17), 16) & 3) | 8).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([, field]) => field !== undefined);
  return entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, field]) => [name, sorted(field)]);
}
