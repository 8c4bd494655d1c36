import type { Context } from '../context.ts';
import type { TransportRuntime } from '../ports/index.ts';
import { type AccountRef, webhookUrlOf } from './webhook-url.ts';

/** What a transport of that account is opened with. */
export function runtimeOf(
  { clock, log, publicUrl }: Pick<Context, 'clock' | 'log' | 'publicUrl'>,
  account: AccountRef,
): TransportRuntime {
  const webhookUrl = webhookUrlOf({ publicUrl }, account);
  return webhookUrl === undefined ? { clock, log } : { clock, log, webhookUrl };
}
