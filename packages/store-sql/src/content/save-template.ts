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
  (db, p: Place & { label: string | null; identity: string | null; version: number; now: number }) =>
    db
      .updateTable('posthorn_templates')
      .set({
        label: p.label,
        identity: p.identity,
        current_version: p.version,
        removed_at: null,
        updated_at: p.now,
      })
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
  const { tenant, key, label, identity, createdAt, updatedAt } = template;
  yield* lock(`template ${tenant} ${key}`);
  const current = yield* first(currentVersion, { tenant, template: key });
  const version =
    current?.content_hash === content.version.contentHash
      ? versionOf(current)
      : yield* addVersion(key, content);
  const number = version.number ?? 1;

  const known = yield* first(templateByKey, { tenant, key });
  if (known) yield* run(updateTemplate, { tenant, key, label, identity, version: number, now: updatedAt });
  else yield* insert(insertTemplate, [[tenant, key, label, identity, number, null, createdAt, updatedAt]]);
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
