import { expect, it } from 'vitest';
import { NOON, openNew, TENANT } from './broadcast.test-kit.ts';

it('segments are kept by name, each tenant’s apart', async () => {
  const { opened, open } = await openNew();
  const query = { combinator: 'and', rules: [{ field: 'by', operator: '=', value: "Aarhus'; drop table" }] };
  const segment = {
    tenant: TENANT,
    key: 'regulars',
    label: 'Stamkunder',
    source: 'customers',
    query,
    createdAt: NOON,
    updatedAt: NOON,
  };
  const { segments } = opened.store;
  await segments.save(segment);
  await segments.save({ ...segment, key: 'friday', label: null });
  await segments.save({ ...segment, tenant: 'salon-maane', label: 'Theirs' });
  await segments.save({ ...segment, label: 'Faste kunder', createdAt: NOON + 5, updatedAt: NOON + 5 });
  await opened.close();
  const { segments: again } = (await open()).store;
  const regulars = { ...segment, label: 'Faste kunder', updatedAt: NOON + 5 };
  expect(await again.get(TENANT, 'regulars')).toEqual(regulars);
  expect(await again.list(TENANT)).toEqual([{ ...segment, key: 'friday', label: null }, regulars]);
  expect(await again.remove(TENANT, 'regulars')).toBe(true);
  expect(await again.remove(TENANT, 'regulars')).toBe(false);
  expect(await again.get(TENANT, 'regulars')).toBeUndefined();
  expect(await again.get('salon-maane', 'regulars')).toMatchObject({ label: 'Theirs' });
});
