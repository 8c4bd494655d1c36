import type { NewContent, TemplateRecord, VersionRecord } from '@posthorn/core';
import { lock } from '../locks.ts';
import { first, insert, insertion, type Program, run, statement } from '../program.ts';
import { addContent } from './add-content.ts';
import { versionOf } from './content-row.ts';
import { currentVersion, templateByKey } from './find-template.ts';

const insertTemplate = insertion('posthorn_templates', [
  'tenant',
  'key',
  'label',
  'identity',
  'content_days',
  'current_version',
  'removed_at',
  'created_at',
  'updated_at',
]);

interface Place {
  tenant: string;
  key: string;
}

const updateTemplate = statement(
  (
    db,
    p: Place & {
      label: string | null;
      identity: string | null;
      contentDays: number | null;
      version: number;
      now: number;
    },
  ) =>
    db
      .updateTable('posthorn_templates')
      .set({
        label: p.label,
        identity: p.identity,
        content_days: p.contentDays,
        current_version: p.version,
        removed_at: null,
        updated_at: p.now,
      })
      .where('tenant', '=', p.tenant)
      .where('key', '=', p.key),
);

/** Other days are told of all its messages, so all of them are looked at again. */
const lookAgain = statement((db, p: Place) =>
  db
    .updateTable('posthorn_templates')
    .set({ redacted_to: null })
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key),
);

const latestNumber = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_versions')
    .select((it) => it.fn.max('number').as('number'))
    .where('tenant', '=', p.tenant)
    .where('template', '=', p.key),
);

const markRemoved = statement((db, p: Place & { now: number }) =>
  db
    .updateTable('posthorn_templates')
    .set({ removed_at: p.now, updated_at: p.now })
    .where('tenant', '=', p.tenant)
    .where('key', '=', p.key)
    .where('removed_at', 'is', null)
    .returning('key'),
);

export function* saveTemplate(
  template: Omit<TemplateRecord, 'currentVersion' | 'removedAt'>,
  content: NewContent,
): Program<VersionRecord> {
  const { tenant, key, label, identity, contentDays, createdAt, updatedAt } = template;
  yield* lock(`template ${tenant} ${key}`);
  const current = yield* first(currentVersion, { tenant, template: key });
  const version =
    current?.content_hash === content.version.contentHash
      ? versionOf(current)
      : yield* addVersion(key, content);
  const number = version.number ?? 1;

  const known = yield* first(templateByKey, { tenant, key });
  if (known === undefined) {
    const row = [tenant, key, label, identity, contentDays, number, null, createdAt, updatedAt];
    yield* insert(insertTemplate, [row]);
    return version;
  }
  yield* run(updateTemplate, { tenant, key, label, identity, contentDays, version: number, now: updatedAt });
  if (known.content_days !== contentDays) yield* run(lookAgain, { tenant, key });
  return version;
}

export function* removeTemplate(tenant: string, key: string, now: number): Program<boolean> {
  return (yield* first(markRemoved, { tenant, key, now })) !== undefined;
}

function* addVersion(key: string, content: NewContent): Program<VersionRecord> {
  const { tenant } = content.version;
  const latest = yield* first(latestNumber, { tenant, key });
  const version = { ...content.version, template: key, number: (latest?.number ?? 0) + 1 };
  yield* addContent({ ...content, version });
  return version;
}
