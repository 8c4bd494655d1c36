import type { AttachmentContent } from './envelope.ts';
import type { JsonObject } from './json.ts';
import type { AttachmentRef, CompiledSkeleton, Skeleton } from './skeleton.ts';

/** A row of `templates`: the name under which versions follow each other. */
export interface TemplateRecord {
  readonly tenant: string;
  readonly key: string;
  readonly label: string | null;
  /** Identity to send with, where neither the send nor the default says otherwise. */
  readonly identity: string | null;
  /** Days after which the content of its messages goes; null: it stays. */
  readonly contentDays: number | null;
  readonly currentVersion: number;
  readonly removedAt: number | null;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/**
 * An immutable version. Named ones carry a template's key and number; ad-hoc compositions have neither and are found by
 * their content's hash.
 */
export interface VersionRecord {
  readonly tenant: string;
  readonly id: string;
  readonly template: string | null;
  readonly number: number | null;
  /** SHA-256 of the canonical source, snippets included: the same content is stored once per tenant. */
  readonly contentHash: string;
  /** The parts as they were given, and the sources of the snippets they were pinned to. */
  readonly source: JsonObject;
  readonly createdAt: number;
}

/** Content as it is stored: a version, its skeletons (one per channel and locale), the files it carries. */
export interface NewContent {
  readonly version: VersionRecord;
  readonly skeletons: readonly CompiledSkeleton[];
  readonly files: readonly AttachmentContent[];
}

export interface ContentStore {
  /**
   * Saves a named version and moves the template on to it, in one transaction. The same content hash as the current
   * version changes only label, identity and `contentDays`. `number` of the record given is ignored; the next free one is taken.
   */
  saveTemplate(
    template: Omit<TemplateRecord, 'currentVersion' | 'removedAt'>,
    content: NewContent,
  ): Promise<VersionRecord>;
  /** Marks it removed; its versions stay, as messages point to them. */
  removeTemplate(tenant: string, key: string, now: number): Promise<boolean>;
  getTemplate(tenant: string, key: string): Promise<TemplateRecord | undefined>;
  /** Ordered by key, without the removed ones. */
  listTemplates(tenant: string): Promise<readonly TemplateRecord[]>;
  /** Newest first. */
  listVersions(tenant: string, template: string): Promise<readonly VersionRecord[]>;
  getVersion(tenant: string, template: string, number?: number): Promise<VersionRecord | undefined>;
  getVersionById(tenant: string, id: string): Promise<VersionRecord | undefined>;
  /** The number of each version, null for an ad-hoc one. Those that are not there are left out. */
  versionNumbers(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, number | null>>;
  findAdHocVersion(tenant: string, contentHash: string): Promise<VersionRecord | undefined>;
  /** Every skeleton of a version. */
  skeletonsOf(tenant: string, versionId: string): Promise<readonly CompiledSkeleton[]>;
  getSkeleton(tenant: string, id: string): Promise<Skeleton | undefined>;
  /** Several, by id. Those that are not there are left out. */
  getSkeletons(tenant: string, ids: readonly string[]): Promise<ReadonlyMap<string, Skeleton>>;
  /** Which of these hashes are stored already. */
  knownFiles(tenant: string, hashes: readonly string[]): Promise<ReadonlySet<string>>;
  getFile(tenant: string, ref: AttachmentRef): Promise<AttachmentContent | undefined>;
}
