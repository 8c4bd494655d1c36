export { createSegments } from './create-segments.ts';
export { findPeople } from './find-people.ts';
export { pinSegments } from './pin-segments.ts';
export type { AudienceGroup } from './read-audience.ts';
export type { RecipientGroup, To } from './recipient-group.ts';
export { type Audience, recallAudience, resolveAudience } from './resolve-audience.ts';
export type { Segment, SegmentInput, Segments } from './segment.ts';
