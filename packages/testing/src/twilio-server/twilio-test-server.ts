import { randomBytes } from 'node:crypto';
import { listenOnLoopback, readBody, writeAnswer } from './http-endpoint.ts';
import { postWebhook, signTwilioForm, type WebhookAnswerSeen } from './post-webhook.ts';
import { TwilioAccount } from './twilio-account.ts';
import type { TwilioAnswer } from './twilio-answers.ts';

/** What a test decides about the account and its answers. */
export interface TwilioTestServerOptions {
  /** Made up where left out. */
  readonly accountSid?: string;
  /** Made up where left out. */
  readonly authToken?: string;
  /** Secrets of API keys, by SID. As standard keys they may not read the account. */
  readonly apiKeys?: Readonly<Record<string, string>>;
  readonly accountStatus?: 'active' | 'suspended' | 'closed';
  /** Numbers of the account (E.164); left out, any number may be the sender. */
  readonly numbers?: readonly string[];
  /** Messaging services of the account; left out, any may. */
  readonly services?: readonly string[];
  /** Speaks first about a message that came whole; undefined: as Twilio would; null: hangs up. May take its time. */
  readonly script?: (
    message: TwilioMessage,
  ) => TwilioAnswer | null | undefined | Promise<TwilioAnswer | null | undefined>;
  /** The statuses that are reported of a message it took, one after the other; a number after a colon is the error code: `failed:30003`. None. */
  readonly statuses?: (message: TwilioMessage) => readonly string[];
  readonly tls?: { readonly key: string; readonly cert: string };
  /** False keeps nothing of what it took, for long runs. */
  readonly keep?: boolean;
}

/** A message that came whole. */
export interface TwilioMessage {
  readonly sid: string;
  readonly to: string;
  /** Number, name, or messaging service. */
  readonly from: string;
  readonly body: string;
  readonly statusCallback: string | null;
  /** All of the form. */
  readonly parameters: URLSearchParams;
  /** The status code of the answer; null while there is none, or where the connection was cut. */
  readonly status: number | null;
}

/** A Twilio on loopback. */
export interface TwilioTestServer {
  /** `http://127.0.0.1:…`, with TLS `https://localhost:…`. */
  readonly url: string;
  readonly accountSid: string;
  readonly authToken: string;
  /** Messages that came whole, whatever became of them. */
  readonly messages: readonly TwilioMessage[];
  /** How many messages it took. */
  readonly taken: number;
  /** The most messages that were under way at once. */
  readonly peak: number;
  /** Connections that were opened, all told. */
  readonly connections: number;
  /**
   * Reports a status of a message to its callback, signed. In what order and how often is the caller's affair. Null where
   * the message asked for no callback.
   */
  report(
    message: TwilioMessage,
    status: string,
    parameters?: Readonly<Record<string, string>>,
  ): Promise<WebhookAnswerSeen | null>;
  /** A text message from a recipient, to the URL that the number is set up with. `STOP` and `START` are heeded by the account too. */
  receive(
    url: string,
    message: {
      readonly from: string;
      readonly to: string;
      readonly body: string;
      readonly optOutType?: string;
    },
  ): Promise<WebhookAnswerSeen>;
  /** Resolves when every status of `statuses` has been told. */
  reported(): Promise<void>;
  close(): Promise<void>;
}

/**
 * Starts a server that answers as Twilio's API for messages does: accounts, messages, their status callbacks and inbound
 * messages, built from its documentation.
 *
 * @example
 * ```ts
 * import { startTwilioTestServer, twilioError } from '@posthorn/testing';
 *
 * const server = await startTwilioTestServer({
 *   script: ({ to }) => (to === '+4520000001' ? twilioError(429, 20429, 'Too Many Requests') : undefined),
 *   statuses: () => ['queued', 'sent', 'delivered'],
 * });
 * // The account on it: twilio({ baseUrl: server.url, accountSid: server.accountSid, authToken: server.authToken })
 * console.log(server.messages.length);
 * await server.close();
 * ```
 */
export async function startTwilioTestServer(
  options: TwilioTestServerOptions = {},
): Promise<TwilioTestServer> {
  const { accountSid = `AC${hex()}`, authToken = hex(), script, statuses, keep = true } = options;
  const account = new TwilioAccount({ ...options, accountSid, authToken });
  const messages: TwilioMessage[] = [];
  const reports = new Set<Promise<void>>();
  let taken = 0;
  let under = 0;
  let peak = 0;

  async function answerMessage(parameters: URLSearchParams): Promise<TwilioAnswer | null> {
    const message = { ...messageOf(parameters), status: null as number | null };
    if (keep) messages.push(message);
    peak = Math.max(peak, ++under);
    const scripted = script === undefined ? undefined : await script(message);
    under -= 1;
    const answer = scripted === undefined ? account.take(message.sid, parameters) : scripted;
    message.status = answer?.status ?? null;
    if (message.status !== 201) return answer;
    taken += 1;
    if (statuses !== undefined) later(reportAll(message, statuses(message)));
    return answer;
  }

  async function reportAll(message: TwilioMessage, words: readonly string[]): Promise<void> {
    for (const word of words) {
      const [status = '', code] = word.split(':');
      await report(message, status, code === undefined ? {} : { ErrorCode: code });
    }
  }

  function later(work: Promise<void>): void {
    const reporting = work.catch(() => undefined).finally(() => reports.delete(reporting));
    reports.add(reporting);
  }

  async function report(
    message: TwilioMessage,
    status: string,
    parameters: Readonly<Record<string, string>> = {},
  ): Promise<WebhookAnswerSeen | null> {
    const { sid, to, from, statusCallback } = message;
    if (statusCallback === null) return null;
    const told = {
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      From: from,
      MessageSid: sid,
      MessageStatus: status,
      SmsSid: sid,
      SmsStatus: status,
      To: to,
      ...parameters,
    };
    return await postWebhook(signTwilioForm(authToken, statusCallback, Object.entries(told)));
  }

  const endpoint = await listenOnLoopback(async (request, response) => {
    const body = await readBody(request);
    if (body === null) return;
    const { method = '', url = '', headers } = request;
    const asked = {
      method,
      url,
      authorization: headers.authorization,
      mediaType: headers['content-type'],
      body,
    };
    const answer = account.answer(asked);
    writeAnswer(response, answer instanceof URLSearchParams ? await answerMessage(answer) : answer);
  }, options.tls);

  return {
    url: options.tls ? `https://localhost:${endpoint.port}` : `http://127.0.0.1:${endpoint.port}`,
    accountSid,
    authToken,
    messages,
    get taken() {
      return taken;
    },
    get peak() {
      return peak;
    },
    get connections() {
      return endpoint.connections;
    },
    report,
    async receive(url, { from, to, body, optOutType }) {
      account.hear(from, to, body);
      const sid = `SM${hex()}`;
      const told = {
        AccountSid: accountSid,
        ApiVersion: '2010-04-01',
        Body: body,
        From: from,
        MessageSid: sid,
        NumMedia: '0',
        NumSegments: '1',
        SmsMessageSid: sid,
        SmsSid: sid,
        SmsStatus: 'received',
        To: to,
        ...(optOutType === undefined ? {} : { OptOutType: optOutType }),
      };
      return await postWebhook(signTwilioForm(authToken, url, Object.entries(told)));
    },
    async reported() {
      while (reports.size > 0) await Promise.all(reports);
    },
    close: () => endpoint.close(),
  };
}

function messageOf(parameters: URLSearchParams): Omit<TwilioMessage, 'status'> {
  return {
    sid: `SM${hex()}`,
    to: parameters.get('To') ?? '',
    from: parameters.get('From') ?? parameters.get('MessagingServiceSid') ?? '',
    body: parameters.get('Body') ?? '',
    statusCallback: parameters.get('StatusCallback'),
    parameters,
  };
}

function hex(): string {
  return randomBytes(16).toString('hex');
}
