/** Sealed keys that must outlive rotation: of HMACs (return paths, links, suppressions) and of sensitive slots. */
export interface KeyringStore {
  /** Stores it if there is none by that name, and answers the one that is stored. */
  getOrAdd(name: string, sealed: string): Promise<string>;
  list(): Promise<readonly { readonly name: string; readonly sealed: string }[]>;
  /** Replaces it if it still is `before`. */
  reseal(name: string, before: string, after: string): Promise<boolean>;
}
