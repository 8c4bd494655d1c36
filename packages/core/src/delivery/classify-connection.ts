import type {
  DeliveryPhase,
  Failure,
  FailureCategory,
  RefusedOutcome,
  UnknownOutcome,
} from '../ports/index.ts';
import { cleanReply } from './reply.ts';

/** A network failure: no reply, or none to this. */
export interface ConnectionFailure {
  /** Node's, OpenSSL's or undici's code: `ECONNREFUSED`, `CERT_HAS_EXPIRED`, `UND_ERR_HEADERS_TIMEOUT`. */
  readonly code?: string | undefined;
  /** How far it had come; `body`, `after_body` and `request` once the other side may have the message. */
  readonly phase: DeliveryPhase;
  /** In words, without secrets. */
  readonly text: string;
}

const IN_DOUBT: ReadonlySet<DeliveryPhase> = new Set(['body', 'after_body', 'request']);

/** Beginnings of codes, first match wins. Node's errors, getaddrinfo's, OpenSSL's X509 names, undici's. */
const CATEGORIES: readonly (readonly [FailureCategory, readonly string[]])[] = [
  [
    'timeout',
    [
      'ETIMEDOUT',
      'ESOCKETTIMEDOUT',
      'UND_ERR_CONNECT_TIMEOUT',
      'UND_ERR_HEADERS_TIMEOUT',
      'UND_ERR_BODY_TIMEOUT',
    ],
  ],
  [
    'name_resolution',
    ['ENOTFOUND', 'EAI_', 'ENODATA', 'ESERVFAIL', 'EFORMERR', 'EBADNAME', 'EBADRESP', 'EDNS'],
  ],
  // nodemailer's; before OpenSSL's EPROTO, with which it begins.
  ['protocol', ['EPROTOCOL']],
  [
    'tls',
    [
      'ERR_TLS',
      'ERR_SSL',
      'ERR_OSSL',
      'EPROTO',
      'ETLS',
      'CERT_',
      'CRL_',
      'UNABLE_TO_',
      'DEPTH_ZERO_',
      'SELF_SIGNED_',
      'INVALID_CA',
      'INVALID_PURPOSE',
      'HOSTNAME_MISMATCH',
      'PATH_LENGTH_',
    ],
  ],
];

/** Where the phase says more than the code: a name server that times out, a handshake that is cut. */
const BY_PHASE: Partial<Record<DeliveryPhase, FailureCategory>> = { resolve: 'name_resolution', tls: 'tls' };

/**
 * What a failed connection means for the message: `refused` and retryable as long as no byte of it was sent, `unknown`
 * from then on.
 *
 * @example
 * ```ts
 * import { classifyConnection } from '@posthorn/core';
 *
 * classifyConnection({ code: 'ECONNREFUSED', phase: 'connect', text: 'The port is closed.' }).status; // 'refused'
 * classifyConnection({ code: 'ETIMEDOUT', phase: 'after_body', text: 'No answer.' }).status; // 'unknown'
 * ```
 */
export function classifyConnection({
  code = '',
  phase,
  text,
}: ConnectionFailure): RefusedOutcome | UnknownOutcome {
  const listed = CATEGORIES.find(([, beginnings]) => beginnings.some((start) => code.startsWith(start)));
  const failure: Failure = {
    category: BY_PHASE[phase] ?? listed?.[0] ?? 'connection',
    fault: 'network',
    phase,
    reply: { text: cleanReply(text) },
  };
  return IN_DOUBT.has(phase)
    ? { status: 'unknown', failure }
    : { status: 'refused', retryable: true, failure };
}
