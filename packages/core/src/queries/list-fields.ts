import type { FieldType, RecipientSource, SourceField } from '../ports/index.ts';
import { HEALTH_FIELDS } from './address-health.ts';
import { fieldPlaces } from './field-place.ts';
import { healthField } from './health-field.ts';
import { operatorsOf } from './operator.ts';
import { OPERATOR_LABELS, TIME_OPERATOR_LABELS } from './query-texts.ts';
import type { RecipientField } from './recipients.ts';
import { createSpeaker, type Speaker } from './speaker.ts';

/** What rules can ask of a source, as people choose it: its own fields, its relations', the addresses' health. */
export function listFields(source: RecipientSource, locale: string): RecipientField[] {
  const speaker = createSpeaker(locale, 'UTC');
  const fields = Array.from(fieldPlaces(source), ([name, { relation, field }]) => {
    const heading = relation === null ? undefined : source.relations?.[relation]?.label;
    return fieldOf(name, { ...field, group: field.group ?? heading }, field.type, speaker);
  });
  for (const [name, address] of HEALTH_FIELDS) {
    fields.push(fieldOf(name, healthField(address, speaker), 'health', speaker));
  }
  return fields;
}

function fieldOf(
  name: string,
  field: SourceField,
  type: FieldType | 'health',
  { speak }: Speaker,
): RecipientField {
  const labels =
    field.type === 'date' || field.type === 'datetime'
      ? { ...OPERATOR_LABELS, ...TIME_OPERATOR_LABELS }
      : OPERATOR_LABELS;
  return {
    name,
    label: field.label,
    ...(field.group === undefined ? {} : { group: field.group }),
    type: field.type,
    operators: operatorsOf(type).map((operator) => ({ name: operator, label: speak(labels[operator]) })),
    ...editorOf(field),
  };
}

/** What a value is entered with. */
function editorOf({ type, values }: SourceField): Partial<RecipientField> {
  if (values !== undefined) {
    return { valueEditorType: 'select', values: values.map(({ value, label }) => ({ name: value, label })) };
  }
  return type === 'boolean' ? { valueEditorType: 'checkbox' } : { inputType: INPUTS[type] };
}

const INPUTS = { text: 'text', number: 'number', date: 'date', datetime: 'datetime-local' } as const;
