/** In English and Danish. `{…}` are filled in by `timeline-words.ts`. */
export type Words = readonly [en: string, da: string];

/** One kind of entry in a timeline. */
export interface EntryText {
  readonly title: Words;
  readonly sentence: Words;
}
