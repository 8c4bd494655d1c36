/** How large and how dear a template may be. What exceeds one of these is `template_limit`. */
export const LIMITS = {
  /** Characters of all parts in all languages: they are compiled and stored together. */
  allChars: 5_000_000,
  /** Characters of an HTML, text or body part with its snippets. */
  partChars: 1_000_000,
  /** Characters of a subject or a title. */
  lineChars: 2_000,
  /** Liquid tags and outputs of a part with its snippets. */
  nodes: 5_000,
  /** Blocks within blocks. */
  nesting: 50,
  /** Snippets within snippets. */
  snippets: 10,
  /** Time to render one part, in ms. */
  renderMs: 1000,
  /** Characters and list items that filters and ranges of one part may make. */
  memory: 20_000_000,
  /** Characters that one part may become. */
  renderedChars: 5_000_000,
} as const;
