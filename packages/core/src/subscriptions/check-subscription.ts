import { checkInput, keySchema } from '../check-input.ts';
import { didYouMean, quoted } from '../did-you-mean.ts';
import { InputError } from '../errors.ts';
import { STORED_EVENT_NAMES, type StoredEventName } from './stored-event.ts';

/** @throws InputError. */
export function checkName(name: unknown): string {
  return checkInput(keySchema, name, 'name of a subscription', 'name');
}

/**
 * Each once.
 *
 * @throws InputError.
 */
export function checkTypes(types: unknown): readonly StoredEventName[] {
  if (!Array.isArray(types) || types.length === 0) {
    throw new InputError('invalid_input', 'A subscription needs a list of the types of its events.', {
      path: 'types',
      advice: "Give one or more, such as ['message.delivered', 'message.bounced'].",
    });
  }
  return [...new Set(types.map(checkType))];
}

/** @throws InputError. */
export function checkHandler<Handler>(handler: Handler): Handler {
  if (typeof handler === 'function') return handler;
  throw new InputError('invalid_input', 'The handler is no function.', { path: 'handler' });
}

function checkType(type: unknown, index: number): StoredEventName {
  const known = STORED_EVENT_NAMES.find((name) => name === type);
  if (known !== undefined) return known;
  const given = String(type);
  throw new InputError('invalid_input', `${quoted(given)} is no event that can be subscribed to.`, {
    path: `types[${index}]`,
    advice: ONLY_LIVE.test(given)
      ? 'It is told as it happens, and not stored: listen to it with on().'
      : didYouMean(given, STORED_EVENT_NAMES),
  });
}

const ONLY_LIVE = /^(message\.(scheduled|queued)|account\.(paused|resumed))$/;
