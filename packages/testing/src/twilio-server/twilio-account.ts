import { checkMessage } from './check-message.ts';
import { accountBody, messageBody, type TwilioAnswer, twilioError } from './twilio-answers.ts';

interface AccountOptions {
  readonly accountSid: string;
  readonly authToken: string;
  readonly apiKeys?: Readonly<Record<string, string>>;
  readonly accountStatus?: 'active' | 'suspended' | 'closed';
  readonly numbers?: readonly string[];
  readonly services?: readonly string[];
}

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  readonly mediaType: string | undefined;
  readonly body: string;
}

const STOP = /^\s*(stop|stopall|unsubscribe|cancel|end|quit|revoke|optout)\s*$/i;
const START = /^\s*(start|yes|unstop)\s*$/i;

/** What the API knows of one account, and what it answers. */
export class TwilioAccount {
  readonly #options: AccountOptions;
  readonly #optedOut = new Set<string>();

  constructor(options: AccountOptions) {
    this.#options = options;
  }

  /** A message to be taken, or the answer to anything else. */
  answer({ method, url, authorization, mediaType = '', body }: Asked): TwilioAnswer | URLSearchParams {
    const { accountSid, accountStatus = 'active', numbers = [] } = this.#options;
    const login = this.#login(authorization);
    if (login === 'stranger') return twilioError(401, 20003, 'Authenticate');
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const account = `/2010-04-01/Accounts/${accountSid}`;
    switch (`${method} ${pathname}`) {
      case `POST ${account}/Messages.json`:
        if (accountStatus !== 'active') return twilioError(403, 10001, 'Account is not active.');
        if (!mediaType.startsWith('application/x-www-form-urlencoded'))
          return twilioError(415, 20415, 'Unsupported media type.');
        return new URLSearchParams(body);
      case `GET ${account}/Messages.json`:
        return { status: 200, body: { messages: [], page: 0, page_size: 1, uri: url } };
      case `GET ${account}.json`:
        if (login === 'key') return twilioError(401, 20003, 'Authenticate');
        return { status: 200, body: accountBody(accountSid, accountStatus) };
      case `GET ${account}/IncomingPhoneNumbers.json`: {
        const wanted = searchParams.get('PhoneNumber');
        const found = numbers.filter((number) => wanted === null || number === wanted);
        const list = found.map((number) => ({ phone_number: number, capabilities: { sms: true } }));
        return { status: 200, body: { incoming_phone_numbers: list, page: 0, uri: url } };
      }
      default:
        return twilioError(404, 20404, `The requested resource ${pathname} was not found`);
    }
  }

  /** The answer to a message. */
  take(sid: string, parameters: URLSearchParams): TwilioAnswer {
    const { accountSid, numbers = [], services = [] } = this.#options;
    const refusal = checkMessage(parameters, { numbers, services, optedOut: this.#optedOut });
    return refusal ?? { status: 201, body: messageBody(accountSid, sid, parameters) };
  }

  /** Heeds what a recipient writes to one of the account's numbers. */
  hear(from: string, to: string, body: string): void {
    if (STOP.test(body)) this.#optedOut.add(`${to} ${from}`);
    if (START.test(body)) this.#optedOut.delete(`${to} ${from}`);
  }

  #login(authorization = ''): 'owner' | 'key' | 'stranger' {
    const { accountSid, authToken, apiKeys = {} } = this.#options;
    const [, encoded = ''] = /^Basic (\S+)$/.exec(authorization) ?? [];
    const login = Buffer.from(encoded, 'base64').toString();
    if (login === `${accountSid}:${authToken}`) return 'owner';
    return Object.entries(apiKeys).some(([key, secret]) => login === `${key}:${secret}`) ? 'key' : 'stranger';
  }
}
