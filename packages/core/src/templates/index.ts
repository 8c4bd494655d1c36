export { type CheckedAttachments, checkAttachments, checkTogether } from './attachment.ts';
export { checkCatalogue } from './check-catalogue.ts';
export { createPreview } from './create-preview.ts';
export { createTemplates } from './create-templates.ts';
export { joinPart, renderedContent } from './join-part.ts';
export { contentOf, type LoadedContent, loadVersion } from './load-content.ts';
export { mergeData } from './merge-data.ts';
export { parseMoment, wallMs } from './moment.ts';
export { pickSkeleton } from './pick-skeleton.ts';
export type {
  Preview,
  PreviewInput,
  PreviewMessage,
  PreviewSms,
  PreviewWarning,
  PreviewWarningCode,
} from './preview.ts';
export { renderSlots } from './render-slots.ts';
export { tagsOfSkeleton } from './skeleton-tags.ts';
export { MASK } from './tag.ts';
export { checkData, type TagData, valueAt } from './tag-data.ts';
export type {
  AttachmentInput,
  ContentParts,
  EmailPart,
  InternalPart,
  SmsPart,
  SnippetPart,
  TemplateInput,
  TemplateParts,
  TemplateRetention,
} from './template.ts';
export type {
  Attachment,
  Template,
  TemplateSummary,
  Templates,
  TemplateVersion,
} from './template-view.ts';
