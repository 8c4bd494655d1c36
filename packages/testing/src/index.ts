export { backendConformance, backendLaws } from './backend-conformance/backend-conformance.ts';
export type {
  BackendBench,
  BackendLaw,
  BackendPlace,
  BackendSubject,
  Gate,
  HostTransactions,
} from './backend-conformance/backend-harness.ts';
export { createFakeClock, type FakeClock } from './fake-clock.ts';
export {
  type Answer,
  type AnswerName,
  type RecordingAdapter,
  type RecordingOptions,
  recordingAdapter,
  type SentMessage,
} from './recording-adapter.ts';
export { SendGridEmail, type SendGridFile } from './sendgrid-server/arrived-email.ts';
export { type SendGridEvent, type SendGridPost, sendGridEvent } from './sendgrid-server/event-webhook.ts';
export type { MailSendAddress as SendGridAddress, SendGridError } from './sendgrid-server/mail-send.ts';
export type { SendGridAnswer, SendGridRequest } from './sendgrid-server/sendgrid-request.ts';
export {
  type SendGridTestServer,
  type SendGridTestServerOptions,
  startSendGridTestServer,
} from './sendgrid-server/sendgrid-test-server.ts';
export { type TestPosthorn, type TestPosthornOptions, testPosthorn } from './test-posthorn.ts';
export {
  type EmailEnvelopeParts,
  emailEnvelope,
  type SmsEnvelopeParts,
  smsEnvelope,
} from './transport-conformance/envelopes.ts';
export {
  type LoopbackCertificate,
  loopbackCertificate,
} from './transport-conformance/loopback-certificate.ts';
export type {
  SmtpAnswer,
  SmtpStep,
  SmtpTestServerOptions,
  TakenMessage,
} from './transport-conformance/smtp-dialogue.ts';
export { type SmtpTestServer, startSmtpTestServer } from './transport-conformance/smtp-test-server.ts';
export { transportConformance, transportLaws } from './transport-conformance/transport-conformance.ts';
export type {
  AccountState,
  ArrivedAttachment,
  ArrivedMessage,
  ProviderBehaviour,
  TransportHarness,
  TransportLaw,
  TransportSubject,
} from './transport-conformance/transport-harness.ts';
export {
  postWebhook,
  type SignedRequest,
  signTwilioForm,
  signTwilioJson,
  type WebhookAnswerSeen,
} from './twilio-server/post-webhook.ts';
export { type TwilioAnswer, twilioError } from './twilio-server/twilio-answers.ts';
export {
  startTwilioTestServer,
  type TwilioMessage,
  type TwilioTestServer,
  type TwilioTestServerOptions,
} from './twilio-server/twilio-test-server.ts';
