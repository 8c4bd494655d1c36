export interface TemplateRow {
  tenant: string;
  key: string;
  label: string | null;
  identity: string | null;
  /** Days after which the content of its messages goes; null: it stays. */
  content_days: number | null;
  /** Messages made before have been looked at; null: none has. */
  redacted_to: number | null;
  current_version: number;
  removed_at: number | null;
  created_at: number;
  updated_at: number;
}

export interface VersionRow {
  tenant: string;
  id: string;
  template: string | null;
  number: number | null;
  content_hash: string;
  source: string;
  created_at: number;
}

/** The fixed text alone, shared by all versions in which it is the same. */
export interface SkeletonRow {
  tenant: string;
  id: string;
  skeleton: string;
}

/** Which skeletons a version has, in order, and the Liquid that fills them there. */
export interface VersionSkeletonRow {
  tenant: string;
  version_id: string;
  position: number;
  skeleton_id: string;
  compiled: string;
}

export interface FileRow {
  tenant: string;
  hash: string;
  content: Uint8Array;
}
