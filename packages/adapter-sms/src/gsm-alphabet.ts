/** GSM 03.38 (3GPP TS 23.038, section 6.2.1): the basic table, without the escape at 0x1B. */
const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
/** Section 6.2.1.1: each is an escape and a septet, so it takes two. */
const EXTENSION = '\f^{}\\[~]|€';

const charactersOf = (text: string) => text.replace(/[\\\]^-]/g, '\\$&');

const ALL_GSM = new RegExp(`^[${charactersOf(BASIC + EXTENSION)}]*$`);
const EXTENDED = new RegExp(`[${charactersOf(EXTENSION)}]`);
/** What GSM lacks, with the letter that an accent behind it belongs to. */
const NOT_GSM = new RegExp(
  `(?:[${charactersOf(BASIC + EXTENSION)}](?=\\p{M}))?[^${charactersOf(BASIC + EXTENSION)}]+`,
  'gu',
);

const NO_EXTENSION: ReadonlySet<string> = new Set();
const EXTENSIONS: ReadonlySet<string> = new Set(EXTENSION);

/** Whether every character is in the GSM alphabet. */
export function isGsm(text: string): boolean {
  return ALL_GSM.test(text);
}

/** The characters of a GSM text that take two septets. */
export function doubleCharacters(text: string): ReadonlySet<string> {
  return EXTENDED.test(text) ? EXTENSIONS : NO_EXTENSION;
}

/** What keeps a text out of the GSM alphabet, as people see it, each once and in order: `['…', '👩‍👩‍👧']`. */
export function costlyCharacters(text: string): readonly string[] {
  const found = new Set<string>();
  for (const [run] of text.matchAll(NOT_GSM)) {
    if (run.length === 1) found.add(run);
    else for (const { segment } of characters().segment(run)) found.add(segment);
  }
  return [...found];
}

let segmenter: Intl.Segmenter | undefined;

function characters(): Intl.Segmenter {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return segmenter;
}
