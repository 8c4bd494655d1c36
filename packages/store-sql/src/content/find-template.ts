import type { TemplateRecord, VersionRecord } from '@posthorn/core';
import { all, first, type Program, statement } from '../program.ts';
import { templateOf, versionOf } from './content-row.ts';

export const templateByKey = statement((db, p: { tenant: string; key: string }) =>
  db.selectFrom('posthorn_templates').selectAll().where('tenant', '=', p.tenant).where('key', '=', p.key),
);

const ofTenant = statement((db, p: { tenant: string }) =>
  db
    .selectFrom('posthorn_templates')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('removed_at', 'is', null)
    .orderBy('key'),
);

type Place = { tenant: string; template: string };

const versions = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_versions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('template', '=', p.template)
    .orderBy('number', 'desc'),
);

const versionByNumber = statement((db, p: Place & { number: number }) =>
  db
    .selectFrom('posthorn_versions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('template', '=', p.template)
    .where('number', '=', p.number),
);

export const currentVersion = statement((db, p: Place) =>
  db
    .selectFrom('posthorn_versions as v')
    .innerJoin('posthorn_templates as t', (on) =>
      on
        .onRef('t.tenant', '=', 'v.tenant')
        .onRef('t.key', '=', 'v.template')
        .onRef('t.current_version', '=', 'v.number'),
    )
    .selectAll('v')
    .where('v.tenant', '=', p.tenant)
    .where('v.template', '=', p.template),
);

const versionById = statement((db, p: { tenant: string; id: string }) =>
  db.selectFrom('posthorn_versions').selectAll().where('tenant', '=', p.tenant).where('id', '=', p.id),
);

const adHocVersion = statement((db, p: { tenant: string; contentHash: string }) =>
  db
    .selectFrom('posthorn_versions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('content_hash', '=', p.contentHash)
    .where('template', 'is', null)
    // Whoever finds it may use it: one that is about to go is brought along again.
    .where((it) =>
      it.not(
        it.exists(
          it
            .selectFrom('posthorn_loose')
            .select('key')
            .where('tenant', '=', p.tenant)
            .where('kind', '=', 'content')
            .where('key', '=', p.contentHash),
        ),
      ),
    ),
);

const numbersByIds = statement((db, p: { tenant: string; ids: string }, dialect) =>
  db
    .selectFrom('posthorn_versions')
    .select(['id', 'number'])
    .where('tenant', '=', p.tenant)
    .where('id', 'in', dialect.each(p.ids)),
);

export function* getTemplate(tenant: string, key: string): Program<TemplateRecord | undefined> {
  const row = yield* first(templateByKey, { tenant, key });
  return row && templateOf(row);
}

export function* listTemplates(tenant: string): Program<readonly TemplateRecord[]> {
  return (yield* all(ofTenant, { tenant })).map(templateOf);
}

export function* listVersions(tenant: string, template: string): Program<readonly VersionRecord[]> {
  return (yield* all(versions, { tenant, template })).map(versionOf);
}

export function* getVersion(
  tenant: string,
  template: string,
  number: number | undefined,
): Program<VersionRecord | undefined> {
  const row =
    number === undefined
      ? yield* first(currentVersion, { tenant, template })
      : yield* first(versionByNumber, { tenant, template, number });
  return row && versionOf(row);
}

export function* getVersionById(tenant: string, id: string): Program<VersionRecord | undefined> {
  const row = yield* first(versionById, { tenant, id });
  return row && versionOf(row);
}

export function* versionNumbers(
  tenant: string,
  ids: readonly string[],
): Program<ReadonlyMap<string, number | null>> {
  const rows = yield* all(numbersByIds, { tenant, ids: JSON.stringify(ids) });
  return new Map(rows.map(({ id, number }) => [id, number]));
}

export function* findAdHocVersion(tenant: string, contentHash: string): Program<VersionRecord | undefined> {
  const row = yield* first(adHocVersion, { tenant, contentHash });
  return row && versionOf(row);
}
