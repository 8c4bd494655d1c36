/** The languages in which pages are written. */
export type PageLanguage = 'da' | 'en';

/** The one that the reader prefers (RFC 9110 section 12.5.4); English for everybody else. */
export function pageLanguageOf(request: Request): PageLanguage {
  let best: { readonly language: PageLanguage; readonly weight: number } = { language: 'en', weight: 0 };
  for (const range of (request.headers.get('accept-language') ?? '').split(',')) {
    const [tag = '', ...parameters] = range.split(';');
    const language = tag.trim().toLowerCase().split('-', 1)[0];
    if (language !== 'da' && language !== 'en') continue;
    const weight = weightOf(parameters);
    if (weight > best.weight) best = { language, weight };
  }
  return best.language;
}

function weightOf(parameters: readonly string[]): number {
  const quality = parameters.map((parameter) => /^\s*q\s*=\s*([01](?:\.\d{0,3})?)\s*$/i.exec(parameter)?.[1]);
  return Number(quality.find((weight) => weight !== undefined) ?? 1);
}
