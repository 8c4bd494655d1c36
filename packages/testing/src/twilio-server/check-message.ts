import { type TwilioAnswer, twilioError } from './twilio-answers.ts';

/** Whom the account may send from, and who has had enough of it. */
export interface MessageRules {
  /** E.164; empty where any number may be the sender. */
  readonly numbers: readonly string[];
  /** `MG…`; empty where any may. */
  readonly services: readonly string[];
  /** Sender and recipient of every `STOP`: `+45… +45…`. */
  readonly optedOut: ReadonlySet<string>;
}

const NUMBER = /^\+[1-9]\d{6,14}$/;
const SHORT_CODE = /^\d{3,8}$/;
const SERVICE = /^MG[0-9a-fA-F]{32}$/;
const NAME = /^(?=.*[A-Za-z])[A-Za-z0-9 +&_-]{1,11}$/;
/** North America takes no names as senders. */
const NORTH_AMERICA = /^\+1/;
const MAX_BODY = 1600;

/** What Twilio has against a message, in the order in which it looks (https://www.twilio.com/docs/api/errors); or null. */
export function checkMessage(parameters: URLSearchParams, rules: MessageRules): TwilioAnswer | null {
  const to = parameters.get('To') ?? '';
  const body = parameters.get('Body') ?? '';
  const callback = parameters.get('StatusCallback');
  if (to === '') return refuse(21604, "A 'To' phone number is required.");
  if (!NUMBER.test(to)) return refuse(21211, `The 'To' number ${to} is not a valid phone number.`);
  const sender = checkSender(parameters, to, rules);
  if (sender !== null) return sender;
  if (body === '') return refuse(21602, 'Message body is required.');
  if ([...body].length > MAX_BODY)
    return refuse(21617, 'The concatenated message body exceeds the 1600 character limit.');
  if (callback !== null && !/^https?:$/.test(URL.parse(callback)?.protocol ?? ''))
    return refuse(21609, `The StatusCallback URL ${callback} is not a valid URL.`);
  return null;
}

function checkSender(
  parameters: URLSearchParams,
  to: string,
  { numbers, services, optedOut }: MessageRules,
): TwilioAnswer | null {
  const service = parameters.get('MessagingServiceSid');
  const from = parameters.get('From') ?? service ?? '';
  if (from === '') return refuse(21603, "A 'From' phone number is required.");
  if (service !== null) {
    const isKnown = SERVICE.test(service) && (services.length === 0 || services.includes(service));
    if (!isKnown) return refuse(21701, 'The Messaging Service does not exist.');
  } else if (NUMBER.test(from)) {
    if (numbers.length > 0 && !numbers.includes(from))
      return refuse(21660, `Mismatch between the 'From' number ${from} and the account.`);
  } else if (!SHORT_CODE.test(from)) {
    if (!NAME.test(from)) return refuse(21212, `The 'From' number ${from} is not valid.`);
    if (NORTH_AMERICA.test(to))
      return refuse(21612, `Message cannot be sent with the current combination of 'To' (${to}) and 'From'.`);
  }
  if (from === to) return refuse(21266, "'To' and 'From' number cannot be the same.");
  return optedOut.has(`${from} ${to}`) ? refuse(21610, 'Attempt to send to unsubscribed recipient.') : null;
}

function refuse(code: number, message: string): TwilioAnswer {
  return twilioError(400, code, message);
}
