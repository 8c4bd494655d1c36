import { quoted } from '../did-you-mean.ts';
import type { FoundRecipient, SourcePage } from '../ports/index.ts';
import { rowText } from '../recipients/index.ts';
import type { SqlRow } from './ask-database.ts';
import { failed } from './read-failure.ts';

/**
 * How columns are named in an answer. None of the host's tables has such a name: where both have one, `order by` would
 * take the answer's.
 */
export const ANSWER = {
  id: 'posthorn_id',
  kind: 'posthorn_kind',
  tenant: 'posthorn_tenant',
  name: 'posthorn_name',
  email: 'posthorn_email',
  phone: 'posthorn_phone',
  locale: 'posthorn_locale',
  timeZone: 'posthorn_time_zone',
  probes: 'posthorn_probes',
} as const;

/**
 * The people of rows in the order of their ids, one of each: where a join gives a person several rows, the first counts.
 * Nobody can be named by an empty id.
 *
 * @throws SourceError `source_failed` where rows are not as asked, or an id is two tenants'.
 */
export function readRecipients(rows: readonly SqlRow[], label: string): FoundRecipient[] {
  const people: FoundRecipient[] = [];
  let previous: SqlRow = {};
  for (const row of rows) {
    const id = rowText(row[ANSWER.id]);
    if (id === undefined) {
      throw failed(label, `Its rows have no \`${ANSWER.id}\`.`, {
        advice: 'Answer them as objects, with the names that the statement gives the columns.',
      });
    }
    if (id === '') continue;
    if (id !== previous[ANSWER.id]) people.push(recipientOf(id, row));
    else if (previous[ANSWER.tenant] !== row[ANSWER.tenant]) {
      throw failed(label, `Several tenants have a recipient ${quoted(id)}.`, {
        advice: 'Ask under `.tenant()`, or name ids that are unique.',
      });
    }
    previous = row;
  }
  return people;
}

/**
 * A page of rows, which hold one more than asked for where there is a next one.
 *
 * @throws SourceError `source_failed`
 */
export function readPage(rows: readonly SqlRow[], limit: number, label: string): SourcePage {
  const recipients = readRecipients(rows.slice(0, limit + 1), label);
  const last = rows.length > limit ? rows[limit - 1] : undefined;
  if (last === undefined) return { recipients, next: null };
  const id = rowText(last[ANSWER.id]);
  if (recipients.at(-1)?.id !== id) recipients.pop();
  const kind = rowText(last[ANSWER.kind]) ?? '';
  if (kind === 'blob') throw failed(label, 'Its ids are neither texts nor numbers.');
  return { recipients, next: `${kind}:${id}` };
}

function recipientOf(id: string, row: SqlRow): FoundRecipient {
  const probes = row[ANSWER.probes];
  return {
    id,
    name: rowText(row[ANSWER.name]),
    email: rowText(row[ANSWER.email]),
    phone: rowText(row[ANSWER.phone]),
    locale: rowText(row[ANSWER.locale]),
    timeZone: rowText(row[ANSWER.timeZone]),
    probes: typeof probes === 'string' ? Array.from(probes, (digit) => digit === '1') : undefined,
  };
}
