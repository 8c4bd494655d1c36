import type { Context, Scope } from '../context.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { NotFoundError } from '../errors.ts';
import { newId } from '../ids.ts';
import type { Store, TemplateRecord } from '../ports/index.ts';
import { buildContent, pinContent } from './build-content.ts';
import { checkInlineImages, checkTemplate } from './check-content.ts';
import { versionOf } from './content-version.ts';
import { type Template, templateOf } from './template-view.ts';

/** Saves a template: everything is checked and compiled before anything is written. */
export async function saveTemplate(context: Context, scope: Scope, input: unknown): Promise<Template> {
  const { tenant } = scope;
  const checked = checkTemplate(input, scope.locale);
  checkInlineImages(checked);
  const { key, label, identity, contentDays } = checked;
  const { store } = await context.open();
  if (identity !== null) await checkIdentity(store, tenant, identity);
  const source = await pinContent(store.content, tenant, checked, key);
  const { used, skeletons } = await buildContent(context, checked, source);
  const now = context.clock.now();
  const version = versionOf(source, used, {
    tenant,
    id: newId(context.clock),
    template: key,
    createdAt: now,
  });
  const row = { tenant, key, label, identity, contentDays, createdAt: now, updatedAt: now };
  const saved = await store.content.saveTemplate(row, { version, skeletons, files: checked.files });
  return templateOf(await recordOf(store, row, saved.number ?? 1), saved);
}

/** The row as it is now: `createdAt` is that of the first save. */
async function recordOf(
  { content }: Store,
  row: Omit<TemplateRecord, 'currentVersion' | 'removedAt'>,
  currentVersion: number,
): Promise<TemplateRecord> {
  const stored = await content.getTemplate(row.tenant, row.key);
  return { ...row, createdAt: stored?.createdAt ?? row.createdAt, currentVersion, removedAt: null };
}

/** A template's identity has one name for all its channels, so it is enough that one channel has it. */
async function checkIdentity({ identities }: Store, tenant: string, key: string): Promise<void> {
  const known = new Set((await identities.list(tenant)).map((identity) => identity.key));
  if (known.has(key)) return;
  throw new NotFoundError('unknown_identity', `There is no identity ${quoted(key)}.`, {
    path: 'identity',
    advice: didYouMean(key, known),
  });
}
