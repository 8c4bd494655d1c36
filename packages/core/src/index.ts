export type {
  Account,
  AccountInput,
  AccountPauseReason,
  Accounts,
  UnmatchedListOptions,
  UnmatchedReport,
} from './accounts/index.ts';
export type {
  Broadcast,
  BroadcastAccount,
  BroadcastInput,
  BroadcastPlan,
  BroadcastProgress,
  BroadcastStatus,
  BroadcastStatusCounts,
  Broadcasts,
  Cost,
  PlanWarning,
  SkippedGroup,
  SkippedPerson,
  StartOptions,
} from './broadcasts/index.ts';
export type { Page } from './cursor.ts';
export {
  type ConnectionFailure,
  classifyConnection,
  classifyReply,
  cleanReply,
  type DrainOptions,
  type DrainResult,
  parseReply,
  type ReplyToClassify,
  type SpentLimits,
  spendLimits,
} from './delivery/index.ts';
export * from './errors.ts';
export {
  type AccountPausedEvent,
  type AccountResumedEvent,
  type AddressResubscribedEvent,
  type AddressUnsubscribedEvent,
  advance,
  type EventFact,
  foldEvent,
  foldEvents,
  type LiveEventMap,
  type LiveEventName,
  type LiveListener,
  type LiveSubscriptions,
  type MessageBouncedEvent,
  type MessageClickedEvent,
  type MessageEvent,
  type MessageEventName,
  type MessageFailure,
  type MessageFlagTimes,
  type MessageRecipient,
  type MessageSummary,
} from './events/index.ts';
export {
  type FastifyLike,
  type Handler,
  type NodeHandler,
  toFastifyPlugin,
  toNodeHandler,
} from './http/index.ts';
export type { ContactAddress, Identities, Identity, IdentityInput } from './identities/index.ts';
export type {
  CancelResult,
  ChannelChoice,
  Message,
  MessageListOptions,
  Messages,
  RenderedAttachment,
  RenderedMessage,
  ResendInput,
  ResendWarning,
  ResentMessage,
  Resolution,
  Send,
  SendInput,
  SendResult,
  SentMessage,
  SkipReason,
  TimelineEntry,
  TimelineOptions,
} from './messages/index.ts';
export type * from './ports/index.ts';
export { createPosthorn, type Posthorn, type PosthornTenant } from './posthorn.ts';
export type { PosthornOptions, RecipientSources, TenantSettings } from './posthorn-options.ts';
export type {
  FoundPerson,
  RecipientCountOptions,
  RecipientField,
  RecipientListOptions,
  RecipientOperator,
  RecipientQuery,
  RecipientRule,
  RecipientSourceSummary,
  Recipients,
  RecipientsWhere,
} from './queries/index.ts';
export type {
  BareAddress,
  BareRecipient,
  Recipient,
  RecipientRef,
} from './recipients/index.ts';
export {
  type RetentionOptions,
  redactEvent,
  redactFailure,
  withoutPeople,
  withoutSamples,
} from './retention/index.ts';
export type { RotationResult, SecretKeys } from './secrets/index.ts';
export type { RecipientGroup, Segment, SegmentInput, Segments, To } from './segments/index.ts';
export {
  type ArrayField,
  type ArrayRecipientsOptions,
  type ArrayRelation,
  arrayRecipients,
  type RecipientData,
  type RecipientDataFetcher,
  type RelatedField,
  type RowColumn,
  type SqlField,
  type SqlParameter,
  type SqlQuery,
  type SqlRecipientsOptions,
  type SqlRelation,
  type StoredMoment,
  sqlRecipients,
} from './sources/index.ts';
export type {
  StoredEvent,
  StoredEventName,
  Subscribe,
  Subscription,
  SubscriptionHandler,
  SubscriptionSummary,
  Subscriptions,
} from './subscriptions/index.ts';
export {
  isReported,
  type LiftInput,
  reportsSince,
  type SuppressedAddress,
  type Suppression,
  type SuppressionInput,
  type SuppressionListOptions,
  type Suppressions,
  unsubscribedBy,
} from './suppressions/index.ts';
export { systemClock } from './system-clock.ts';
export {
  type Attachment,
  type AttachmentInput,
  type ContentParts,
  type EmailPart,
  type InternalPart,
  joinPart,
  type Preview,
  type PreviewInput,
  type PreviewMessage,
  type PreviewSms,
  type PreviewWarning,
  type PreviewWarningCode,
  type SmsPart,
  type SnippetPart,
  type TagData,
  type Template,
  type TemplateInput,
  type TemplateParts,
  type TemplateRetention,
  type TemplateSummary,
  type Templates,
  type TemplateVersion,
} from './templates/index.ts';
