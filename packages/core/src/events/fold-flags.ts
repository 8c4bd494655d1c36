import type { EventRecord, MessageFlag, MessageFlags } from '../ports/index.ts';

/** Which time of a flag is kept: that of the first, or of what is said last and may be taken back. */
const KEPT: Readonly<Record<MessageFlag, (a: number, b: number) => number>> = {
  opened: Math.min,
  clicked: Math.min,
  machine_opened: Math.min,
  machine_clicked: Math.min,
  complained: Math.min,
  unsubscribed: Math.max,
  resubscribed: Math.max,
};

/** Answers the same object where the event sets no flag, or none that is not set already. */
export function foldFlag(
  flags: MessageFlags,
  { type, occurredAt }: Pick<EventRecord, 'type' | 'occurredAt'>,
): MessageFlags {
  if (!isFlag(type)) return flags;
  const known = flags[type];
  const time = known === undefined ? occurredAt : KEPT[type](known, occurredAt);
  return time === known ? flags : { ...flags, [type]: time };
}

export function isFlag(type: EventRecord['type']): type is MessageFlag {
  return Object.hasOwn(KEPT, type);
}
