import { cleanReply, type Failure, type Outcome } from '@posthorn/core';

/** An answer of SendGrid, or of something before it. */
export interface Answer {
  readonly code: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** False where it was answered before all of the request had left. */
  readonly isRequestWhole: boolean;
}

/** What was asked. */
export interface Question {
  readonly isSandbox: boolean;
  /** How many messages were in the request. */
  readonly size: number;
  readonly secrets: readonly string[];
  /** In ms since the epoch. */
  readonly now: number;
}

/** What an answer means: for all messages of the request, or for those that it names. */
export type Verdict =
  | { readonly kind: 'all'; readonly outcome: Outcome }
  /** By their place in the request. Nothing of it was sent: the others can go again. */
  | { readonly kind: 'some'; readonly refused: ReadonlyMap<number, Outcome> }
  /** Nothing of it was sent, for the sake of its size or of somebody it does not name: each half can go by itself. */
  | { readonly kind: 'halves'; readonly outcome: Outcome };

/** SendGrid's own word for what it does not like. */
interface ApiError {
  readonly message: string;
  /** Empty where it names none. */
  readonly field: string;
}

const DAY_MS = 86_400_000;

/**
 * Judges an answer. `refused` needs SendGrid's own error body, a status by which nobody has taken the request, or that it had
 * not all left; whatever else answers after it was sent (a proxy's 502) leaves it in doubt.
 */
export function readAnswer(answer: Answer, question: Question): Verdict {
  const { code } = answer;
  const errors = readErrors(answer.body);
  const words = errors === undefined ? '' : errors.map(sentenceOf).join(' ');
  const reply = { code, text: cleanReply(words || `SendGrid answered ${code}.`, question.secrets) };
  const failure = (category: Failure['category'], fault: Failure['fault']): Failure => ({
    category,
    fault,
    phase: 'request',
    reply,
  });
  const refused = (category: Failure['category'], fault: Failure['fault'], retryable: boolean): Verdict =>
    all({ status: 'refused', retryable, failure: failure(category, fault) });

  if (code === 202 || (code === 200 && question.isSandbox)) return all(accepted(answer));
  if (code === 401) return refused('credentials', 'sender', true);
  if (code === 403) {
    return errors?.some(({ field }) => isField(field, 'from'))
      ? refused('sender_refused', 'sender', false)
      : refused('credentials', 'sender', true);
  }
  if (code === 413) {
    const outcome = {
      status: 'refused',
      retryable: false,
      failure: failure('message_too_large', 'content'),
    } as const;
    return { kind: 'halves', outcome };
  }
  if (code === 429) {
    const retryAfterMs = waitOf(answer.headers, question.now);
    return all({
      status: 'refused',
      retryable: true,
      ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
      failure: failure('rate_limited', 'sender'),
    });
  }
  if (errors === undefined && !answer.isRequestWhole) return refused('server_error', 'nobody', true);
  if (errors === undefined || code < 400)
    return all({ status: 'unknown', failure: failure('server_error', 'nobody') });
  if (code >= 500) return refused('server_error', 'nobody', true);
  const refusal = {
    status: 'refused',
    retryable: false,
    failure: failure('bad_request', faultOf(errors)),
  } as const;
  // What is not in the part that all share may be one message's alone.
  if (code === 400 && errors.every(({ field }) => field === '' || isField(field, 'personalizations')))
    return someOf(errors, question) ?? { kind: 'halves', outcome: refusal };
  return all(refusal);
}

function all(outcome: Outcome): Verdict {
  return { kind: 'all', outcome };
}

function accepted({ code, headers }: Answer): Outcome {
  const id = headers['x-message-id'];
  const providerId = id === undefined ? undefined : cleanReply(id).slice(0, 200);
  return {
    status: 'accepted',
    ...(providerId ? { providerId } : {}),
    reply: { code, text: code === 202 ? 'Accepted' : 'Valid, and not sent: the account is a sandbox.' },
  };
}

/** The recipients that an error names, each with what is wrong; nothing where one names none, or a stranger. */
function someOf(errors: readonly ApiError[], { size, secrets }: Question): Verdict | undefined {
  const sentences = new Map<number, ApiError[]>();
  for (const error of errors) {
    if (error.field === '') continue;
    const place = Number(/^personalizations\.(\d{1,4})(?:\.|$)/.exec(error.field)?.[1] ?? -1);
    if (place < 0 || place >= size) return undefined;
    sentences.set(place, [...(sentences.get(place) ?? []), error]);
  }
  if (sentences.size === 0) return undefined;
  const refused = new Map<number, Outcome>();
  for (const [place, own] of sentences) {
    const text = cleanReply(own.map(sentenceOf).join(' '), secrets);
    const failure = { category: 'bad_request', fault: faultOf(own), phase: 'request' } as const;
    refused.set(place, {
      status: 'refused',
      retryable: false,
      failure: { ...failure, reply: { code: 400, text } },
    });
  }
  return { kind: 'some', refused };
}

function faultOf(errors: readonly ApiError[]): Failure['fault'] {
  if (errors.every(({ field }) => /^personalizations\.\d+\.to(\.|$)/.test(field))) return 'recipient';
  return errors.every(({ field }) => isField(field, 'from') || isField(field, 'reply_to'))
    ? 'sender'
    : 'content';
}

function isField(field: string, name: string): boolean {
  return field === name || field.startsWith(`${name}.`);
}

function sentenceOf({ field, message }: ApiError): string {
  return field === '' ? message : `${field}: ${message}`;
}

/** The `errors` that SendGrid answers with; nothing where the answer is not SendGrid's, or was cut. */
function readErrors(body: string): readonly ApiError[] | undefined {
  const errors = parse(body)?.errors;
  if (!Array.isArray(errors) || errors.length === 0) return undefined;
  return errors.map((error: unknown) => {
    const { message, field } = (typeof error === 'object' && error !== null ? error : {}) as Record<
      string,
      unknown
    >;
    return {
      message: typeof message === 'string' ? message : '',
      // Also the word, as the examples of its description have it.
      field: typeof field === 'string' && field !== 'null' ? field : '',
    };
  });
}

function parse(body: string): { readonly errors?: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Until when SendGrid wants to be left alone; nothing where it does not say, or says something absurd. */
function waitOf(headers: Readonly<Record<string, string>>, now: number): number | undefined {
  const after = headers['retry-after'] ?? '';
  const reset = Number(headers['x-ratelimit-reset'] || Number.NaN);
  const waits = [
    reset * 1000 - now,
    /^\d+$/.test(after) ? Number(after) * 1000 : Date.parse(after) - now,
  ].filter((wait) => wait >= 0 && wait <= DAY_MS);
  return waits.length === 0 ? undefined : Math.max(...waits);
}
