import { z } from 'zod';
import { checkInput } from '../check-input.ts';
import type { Context, Scope } from '../context.ts';
import type { TagCatalogue } from '../ports/index.ts';
import { type CancelResult, cancelMessages } from './cancel-messages.ts';
import { listMessages } from './list-messages.ts';
import { timelineOf } from './message-timeline.ts';
import type { Messages } from './messages.ts';
import { renderedMessage } from './rendered-message.ts';
import { resendMessage } from './resend-message.ts';
import { resolveMessages } from './resolve-messages.ts';
import { viewMessages } from './view-messages.ts';

const idSchema = z.string().max(100);
const idsSchema = z.array(idSchema).max(1000, 'are more than 1,000 at once');
const resolutionSchema = z.enum(['accepted', 'resend', 'failed']);
const resolveSchema = z.strictObject({ by: z.string().min(1, 'says nothing').max(200) });

/** The messages of one tenant. */
export function createMessages<Tags extends TagCatalogue = TagCatalogue>(
  context: Context,
  scope: Scope,
): Messages<Tags> {
  const idOf = (id: unknown) => checkInput(idSchema, id, 'message id', 'id');

  async function cancel(id: string): Promise<CancelResult>;
  async function cancel(ids: readonly string[]): Promise<readonly CancelResult[]>;
  async function cancel(ids: string | readonly string[]) {
    if (Array.isArray(ids))
      return cancelMessages(context, scope, checkInput(idsSchema, ids, 'message ids', 'ids'));
    const [result] = await cancelMessages(context, scope, [idOf(ids)]);
    return result;
  }

  return {
    async get(id) {
      const { store } = await context.open();
      const found = await store.messages.get(scope.tenant, [idOf(id)]);
      const [message] = await viewMessages(store.content, scope, found);
      return message ?? null;
    },
    list: (options) => listMessages(context, scope, options),
    timeline: async (id, options) => timelineOf(context, scope, idOf(id), options),
    rendered: async (id) => renderedMessage(context, scope, idOf(id)),
    cancel,
    async resolve(ids, resolution, options) {
      const checked = checkInput(idsSchema, ids, 'message ids', 'ids');
      const wanted = checkInput(resolutionSchema, resolution, 'resolution', 'resolution');
      const { by } = checkInput(resolveSchema, options, 'options of resolve');
      await resolveMessages(context, scope, checked, wanted, by);
    },
    resend: async (id, input) => resendMessage(context, scope, idOf(id), input),
  };
}
