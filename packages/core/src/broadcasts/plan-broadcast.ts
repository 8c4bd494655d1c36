import type { Context, Opened, Scope } from '../context.ts';
import type { InputError } from '../errors.ts';
import { newId } from '../ids.ts';
import { checkTimeLeft, type Prepared, prepareSend } from '../messages/index.ts';
import type { BroadcastRecord } from '../ports/index.ts';
import { type Audience, pinSegments, resolveAudience } from '../segments/index.ts';
import { contentOf, type LoadedContent } from '../templates/index.ts';
import { type AudiencePlace, audiencePage, BEGINNING } from './audience-page.ts';
import type { BroadcastPlan } from './broadcast.ts';
import { checkPlan } from './check-plan.ts';
import { composePage } from './compose-page.ts';
import { PlanWarnings } from './plan-warnings.ts';
import { SkipGroups } from './skip-groups.ts';
import { sealData, storedInput } from './stored-input.ts';
import { addPage, NOTHING } from './tally.ts';

/** People looked at before the signal is asked again. */
const PAGE = 250;

/** Counts what a broadcast would be, and keeps what is needed to start it. */
export async function planBroadcast(
  context: Context,
  scope: Scope,
  input: unknown,
  signal: AbortSignal,
): Promise<BroadcastPlan> {
  const now = context.clock.now();
  const checked = checkPlan(input, scope, now);
  checkTimeLeft(checked.send.times, now);
  signal.throwIfAborted();
  const opened = await context.open();
  const { send } = checked;
  const id = newId(context.clock);
  const content = await contentOf(context, scope, send.content, send.files.refs);
  const preferred = content.template?.identity ?? null;
  const prepared = await prepareSend(
    context,
    opened,
    scope,
    { ...content, identity: preferred },
    {
      ...send,
      locale: send.locale,
      timeZone: send.timeZone,
      attachments: send.files.refs,
      key: null,
      broadcast: id,
    },
  );
  const audience = await resolveAudience(context, opened, scope, checked.to);
  const to = await pinSegments(opened, scope, checked.to);
  const counted = await count(context, opened, scope, prepared, audience, signal);
  const plan: BroadcastPlan = { id, label: checked.label, ...counted };
  const stored = await opened.store.broadcasts.add(
    {
      ...recordOf(scope, plan, content, now),
      input: storedInput(scope, { ...checked, to }, preferred),
      sealedData: sealData(opened, id, send.data),
    },
    content.isNew === null ? [] : [content.isNew],
    send.files.files,
  );
  return stored.plan as unknown as BroadcastPlan;
}

async function count(
  context: Context,
  opened: Opened,
  scope: Scope,
  prepared: Prepared,
  audience: Audience,
  signal: AbortSignal,
): Promise<Omit<BroadcastPlan, 'id' | 'label'>> {
  const skipped = new SkipGroups();
  const warnings = new PlanWarnings();
  let tally = NOTHING;
  let problem: InputError | null = null;
  for (let place: AudiencePlace | null = BEGINNING; place !== null; ) {
    signal.throwIfAborted();
    const page = await audiencePage(context, opened, scope, audience, place, { limit: PAGE, signal });
    const messages = await composePage(context, opened, scope, prepared, page.recipients, signal);
    tally = addPage(tally, page.recipients.length, messages);
    for (const message of messages) {
      skipped.add(message.draft);
      warnings.add(message);
      problem ??= message.draft.problem;
    }
    place = page.next;
  }
  // What fits nobody is no matter of one customer's data: the call or the template is wrong.
  if (tally.willReceive === 0 && problem !== null) throw problem;
  return { ...tally, skipped: skipped.list(), warnings: warnings.list(scope.locale) };
}

type Kept = Omit<BroadcastRecord, 'input' | 'sealedData'>;

function recordOf({ tenant }: Scope, plan: BroadcastPlan, { version }: LoadedContent, now: number): Kept {
  return {
    tenant,
    id: plan.id,
    label: plan.label,
    state: 'planned',
    pausedAt: null,
    template: version.template,
    versionId: version.id,
    plan: JSON.parse(JSON.stringify(plan)),
    startAt: null,
    maxCost: null,
    cursor: null,
    firstMessage: null,
    lastMessage: null,
    failure: null,
    createdAt: now,
    startedAt: null,
    listedAt: null,
    endedAt: null,
  };
}
