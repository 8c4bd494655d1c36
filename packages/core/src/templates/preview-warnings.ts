import type { Opened } from '../context.ts';
import type { Channel, CompiledSkeleton, TagCatalogue } from '../ports/index.ts';
import type { ParsedAddress } from '../recipients/index.ts';
import { addressKeyOf } from '../suppressions/index.ts';
import type { Preview, PreviewWarning } from './preview.ts';
import { isEmpty } from './preview-data.ts';
import { type CheckedData, valueAt } from './tag-data.ts';

/** Domains that are for examples and tests (RFC 2606 and RFC 6761), and this machine. */
const NOWHERE = /(^|\.)(example(\.(com|net|org))?|test|invalid|localhost)$/i;

/** Why a recipient with this address would not be reached. */
export async function addressWarnings(
  opened: Opened,
  tenant: string,
  channel: Channel,
  address: ParsedAddress | null,
): Promise<readonly PreviewWarning[]> {
  if (channel === 'internal') return [];
  const what = channel === 'sms' ? 'phone number' : 'email address';
  if (address === null) return [{ code: 'no_address', message: `This recipient has no ${what}.` }];
  if (!address.ok && address.isLandline)
    return [{ code: 'landline', message: `This recipient’s ${what} takes no text messages.` }];
  if (!address.ok)
    return [{ code: 'invalid_address', message: `This recipient’s ${what} is none: ${address.reason}.` }];
  const key = await addressKeyOf(opened, tenant, channel, address.address);
  const mark = (await opened.store.suppressions.find(tenant, channel, [key])).get(key);
  if (mark === undefined) return [];
  return [
    { code: 'suppressed', message: `This ${what} must not be written to: it is marked as ${mark.reason}.` },
  ];
}

/** What is wrong with what is shown: tags without a value, an empty subject, links to nowhere. */
export async function contentWarnings(
  compiled: CompiledSkeleton,
  shown: Pick<Preview, 'subject' | 'html' | 'text'>,
  data: CheckedData,
  catalogue: TagCatalogue,
): Promise<readonly PreviewWarning[]> {
  return [
    ...(await emptyTags(compiled, data, catalogue)),
    ...(shown.subject?.trim() === '' ? [emptySubject()] : []),
    ...(shown.html === null ? [] : await deadLinks(shown.html)),
  ];
}

async function emptyTags(
  { skeleton, compiled }: CompiledSkeleton,
  data: CheckedData,
  catalogue: TagCatalogue,
): Promise<PreviewWarning[]> {
  // Brings the template engine with it.
  const { nodesOf } = await import('./skeleton.ts');
  const warnings = new Map<string, PreviewWarning>();
  for (const { part, tags } of nodesOf(skeleton.channel, compiled, catalogue)) {
    for (const tag of tags) {
      // Which one a computed name means is not known.
      if (warnings.has(tag) || tag.includes('[') || !isEmpty(valueAt(data, tag))) continue;
      const label = Object.hasOwn(catalogue, tag) ? ` (${catalogue[tag]?.label})` : '';
      warnings.set(tag, { code: 'empty_tag', message: `The tag ${tag}${label} has no value.`, tag, part });
    }
  }
  return [...warnings.values()];
}

function emptySubject(): PreviewWarning {
  return { code: 'empty_subject', message: 'Nothing is left of the subject.', part: 'subject' };
}

async function deadLinks(html: string): Promise<PreviewWarning[]> {
  const { Parser } = await import('htmlparser2');
  const warnings = new Map<string, PreviewWarning>();
  const look = (what: 'link' | 'image', address: string) => {
    const problem = problemOf(address.trim(), what);
    if (problem === undefined) return;
    const message = `A${what === 'image' ? 'n' : ''} ${what} ${problem}.`;
    warnings.set(message, { code: 'empty_link', message, part: 'html' });
  };
  const parser = new Parser({
    onopentag(name, { href, src }) {
      if (name === 'a' || name === 'area') if (href !== undefined) look('link', href);
      if (name === 'img') look('image', src ?? '');
    },
  });
  parser.end(html);
  return [...warnings.values()];
}

function problemOf(address: string, what: 'link' | 'image'): string | undefined {
  if (address === '') return 'has no address';
  if (address === '#') return 'leads nowhere: “#”';
  if (address.startsWith('#') && what === 'link') return undefined;
  const shown = `“${address.slice(0, 80)}”`;
  if (!URL.canParse(address)) return `has no whole address: ${shown}`;
  return NOWHERE.test(new URL(address).hostname) ? `leads to a domain for examples: ${shown}` : undefined;
}
