import { sqlite } from '@posthorn/backend-sqlite';
import {
  type Adapter,
  type Backend,
  createPosthorn,
  type PosthornOptions,
  type Report,
  type WebhookReceipt,
  type WebhookRequest,
} from '@posthorn/core';
import { createFakeClock, recordingAdapter } from '@posthorn/testing';
import { onTestFinished } from 'vitest';

export const PUBLIC_URL = 'https://app.example.dk/messages';
export const MAX_BODY_BYTES = 10_000_000;

/** About a message that nobody knows. */
export const UNKNOWN: Report = {
  type: 'delivered',
  token: null,
  providerId: 'nobody-knows-it',
  address: null,
  occurredAt: 0,
  failure: null,
  list: null,
  detail: {},
};

/** What was written to the log. */
export interface Line {
  readonly level: 'warn' | 'error';
  readonly text: string;
}

/** A platform whose provider `mail` reports what a test says, and whose provider `silent` has no webhook. */
export function openPlatform(
  options: Partial<Pick<PosthornOptions, 'publicUrl'>> & { backend?: Backend } = {},
) {
  const clock = createFakeClock();
  const heard: WebhookRequest[] = [];
  const log: Line[] = [];
  let receipt: WebhookReceipt = { status: 'received', reports: [] };
  const mail: Adapter<Record<string, never>> = {
    ...recordingAdapter({ channel: 'email', key: 'mail' }),
    webhook: {
      mediaTypes: ['application/json', 'application/x-www-form-urlencoded'],
      maxBodyBytes: MAX_BODY_BYTES,
      async receive(request) {
        heard.push(request);
        return receipt;
      },
    },
  };
  const posthorn = createPosthorn({
    backend: sqlite(':memory:'),
    adapters: [mail, recordingAdapter({ channel: 'sms', key: 'silent' })],
    secrets: { current: 'k1', keys: { k1: 'a key for tests that is long enough, 0123456789' } },
    publicUrl: PUBLIC_URL,
    clock,
    log: {
      debug() {},
      info() {},
      warn: (message, detail) => log.push({ level: 'warn', text: `${message} ${JSON.stringify(detail)}` }),
      error: (message, detail) => log.push({ level: 'error', text: `${message} ${JSON.stringify(detail)}` }),
    },
    ...options,
  });
  onTestFinished(() => posthorn.close());
  return {
    posthorn,
    clock,
    log,
    /** What was given to the adapter. */
    heard,
    /** What the adapter says of everything from now on. */
    answer(next: WebhookReceipt) {
      receipt = next;
    },
    post: (path: string, init: RequestInit = {}) =>
      posthorn.handler(new Request(PUBLIC_URL + path, jsonPost(init))),
  };
}

/** As a provider posts. */
export function jsonPost(init: RequestInit = {}): RequestInit {
  return { method: 'POST', headers: { 'content-type': 'application/json' }, body: '[]', ...init };
}
