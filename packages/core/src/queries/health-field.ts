import type { SourceField } from '../ports/index.ts';
import { type AddressKind, HEALTH_STATUSES } from './address-health.ts';
import { ADDRESS_LABELS, HEALTH_LABELS } from './query-texts.ts';
import type { Speaker } from './speaker.ts';

/** The health of an address, as a field like those that sources declare. */
export function healthField(address: AddressKind, { speak }: Speaker): SourceField {
  return {
    type: 'text',
    label: speak(ADDRESS_LABELS[address]),
    group: speak(ADDRESS_LABELS.group),
    values: HEALTH_STATUSES.map((value) => ({ value, label: speak(HEALTH_LABELS[value]) })),
  };
}
