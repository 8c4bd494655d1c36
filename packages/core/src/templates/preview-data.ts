import type { TagCatalogue, ValueType } from '../ports/index.ts';
import { exampleData, exampleFor } from './example-data.ts';
import { mergeData } from './merge-data.ts';
import { isOpen, MASK } from './tag.ts';
import { type CheckedData, checkData, put, valueAt } from './tag-data.ts';

/** The values that a preview shows. */
export interface PreviewData {
  readonly data: CheckedData;
  /** Whether they are the catalogue's examples, as nobody gave any. */
  readonly areExamples: boolean;
}

/** The values of the recipient's source and of the call; with neither, examples. Sensitive ones are replaced. */
export function previewData(source: CheckedData, given: unknown, catalogue: TagCatalogue): PreviewData {
  const none = given === undefined && Object.keys(source).length === 0;
  if (none && !isOpen(catalogue))
    return { data: checkData(exampleData(catalogue), catalogue), areExamples: true };
  const data = checkData(mergeData(source, given), catalogue);
  return { data: withoutSecrets(data, catalogue), areExamples: false };
}

function withoutSecrets(data: CheckedData, catalogue: TagCatalogue): CheckedData {
  if (isOpen(catalogue)) return data;
  const shown: Record<string, unknown> = structuredClone(data);
  for (const [name, tag] of Object.entries(catalogue)) {
    if (tag.sensitive !== true || isEmpty(valueAt(data, name))) continue;
    put(shown, name, standIn(catalogue, name, tag.type ?? 'text', tag.example === undefined));
  }
  return shown;
}

/** The example, which other types than text have to be for their filters to work. */
function standIn(
  catalogue: TagCatalogue,
  name: string,
  type: ValueType | 'list',
  hasNoExample: boolean,
): unknown {
  return type === 'text' && hasNoExample ? MASK : exampleFor(catalogue, name);
}

/** Whether nothing is shown for it. */
export function isEmpty(value: unknown): boolean {
  return (
    value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)
  );
}
