/** What one process tells the others at once. */
export interface Told {
  /** So that nobody hears itself. */
  readonly from: string;
  /** There is work. */
  readonly rung: boolean;
  /** Each without a line break. */
  readonly news: readonly string[];
}

/** A payload of NOTIFY must be shorter than 8,000 bytes: https://www.postgresql.org/docs/current/sql-notify.html */
const MAX_BYTES = 7_999;
const RUNG = 'rung';
const QUIET = '';

/** The most bytes that one of the news can have: beside it the head must find room. */
export const MAX_NEWS_BYTES = 7_900;

/** As few as can hold it, at least one. Postgres delivers equal ones of one statement only once, so each has a number. */
export function payloadsOf({ from, rung, news }: Told): readonly string[] {
  const payloads: string[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const begin = (): void => {
    const head = [from, payloads.length === 0 && rung ? RUNG : QUIET, String(payloads.length)];
    lines = [head.join(' ')];
    bytes = Buffer.byteLength(lines[0] ?? '');
  };
  begin();
  for (const text of news) {
    const own = Buffer.byteLength(text) + 1;
    if (bytes + own > MAX_BYTES) {
      payloads.push(lines.join('\n'));
      begin();
    }
    lines.push(text);
    bytes += own;
  }
  payloads.push(lines.join('\n'));
  return payloads;
}

/** What is not ours, or that of an older version, which said nothing, is taken for a ring. */
export function parsePayload(payload: string): Told {
  const [head = '', ...news] = payload.split('\n');
  const [from, rung, number] = head.split(' ');
  if (from === undefined || number === undefined) return { from: '', rung: true, news: [] };
  return { from, rung: rung === RUNG, news };
}
