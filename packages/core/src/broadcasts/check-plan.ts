import { z } from 'zod';
import { checkInput, inputErrorOf } from '../check-input.ts';
import type { Scope } from '../context.ts';
import { type CheckedSend, checkSend } from '../messages/index.ts';
import { checkBulkHeaders } from '../unsubscribe/index.ts';

/** What a `plan` takes; the fields of a send are checked as those of a send. */
const planSchema = z.strictObject({
  label: z.string().max(200).optional(),
  to: z.unknown(),
  template: z.unknown().optional(),
  version: z.unknown().optional(),
  email: z.unknown().optional(),
  sms: z.unknown().optional(),
  internal: z.unknown().optional(),
  channel: z.unknown().optional(),
  data: z.unknown().optional(),
  identity: z.unknown().optional(),
  locale: z.unknown().optional(),
  timeZone: z.unknown().optional(),
  headers: z.unknown().optional(),
  replyTo: z.unknown().optional(),
  attachments: z.unknown().optional(),
  expiresAt: z.unknown().optional(),
});

/** A plan whose form is right. Whom it is to, and what it says, are still to be looked up. */
export interface CheckedPlan {
  readonly label: string | null;
  /** Plain JSON, as it will be stored. */
  readonly to: unknown;
  readonly send: CheckedSend;
}

/** Checks the form of what `plan` was given. It is read again when the list is made: only what JSON can say is kept. */
export function checkPlan(input: unknown, scope: Scope, now: number): CheckedPlan {
  const { label, to, ...fields } = checkInput(planSchema, input, 'plan of a broadcast');
  const given = Object.entries(fields).filter(([, value]) => value !== undefined);
  const send = checkSend({ ...Object.fromEntries(given), to: undefined }, scope, now);
  checkBulkHeaders(send.headers);
  return {
    label: label ?? null,
    to: asJson(to, 'to'),
    send: { ...send, data: asJson(send.data, 'data') },
  };
}

function asJson(value: unknown, path: string): unknown {
  if (value === undefined) return undefined;
  try {
    return JSON.parse(JSON.stringify(value));
  } catch {
    throw inputErrorOf('plan of a broadcast', [
      { path, message: 'must be plain data: it is kept until the broadcast is started' },
    ]);
  }
}
