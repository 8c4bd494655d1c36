import type { Skeleton, SkeletonPiece } from '../ports/index.ts';

/**
 * A part of a message: the fixed text of its skeleton with the slots in their places.
 *
 * @example
 * ```ts
 * import { joinPart } from '@posthorn/core';
 *
 * joinPart(['Hello ', 0, '!'], ['Anna']); // 'Hello Anna!'
 * ```
 */
export function joinPart(segments: readonly SkeletonPiece[], slots: readonly string[]): string {
  return segments.map((segment) => (typeof segment === 'string' ? segment : (slots[segment] ?? ''))).join('');
}

/** A message as it is read: its parts by name. */
export type RenderedContent =
  | { readonly channel: 'email'; readonly subject: string; readonly html?: string; readonly text: string }
  | { readonly channel: 'sms'; readonly text: string }
  | { readonly channel: 'internal'; readonly title: string; readonly body: string };

/** Every part of a message. */
export function renderedContent(skeleton: Skeleton, slots: readonly string[]): RenderedContent {
  switch (skeleton.channel) {
    case 'email': {
      const html = skeleton.html === undefined ? {} : { html: joinPart(skeleton.html, slots) };
      const { subject, text } = skeleton;
      return { channel: 'email', subject: joinPart(subject, slots), ...html, text: joinPart(text, slots) };
    }
    case 'sms':
      return { channel: 'sms', text: joinPart(skeleton.text, slots) };
    case 'internal':
      return {
        channel: 'internal',
        title: joinPart(skeleton.title, slots),
        body: joinPart(skeleton.body, slots),
      };
  }
}
