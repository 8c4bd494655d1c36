import type { DeliveryRow } from '../schema.ts';

/** Nothing more is done with it by itself, and nobody has to decide what became of it. */
export function isFinished({ work, outcome }: Pick<DeliveryRow, 'work' | 'outcome'>): boolean {
  return work === 'done' && outcome !== null && outcome !== 'unknown' && outcome !== 'requeued';
}
