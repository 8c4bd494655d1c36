import type { Channel, IdentityStore } from '@posthorn/core';
import { lock, setUpOf } from '../locks.ts';
import { type Program, run } from '../program.ts';
import { listIdentities } from './find-identity.ts';
import { deleteIdentity } from './save-identity.ts';

export function* removeIdentity(
  tenant: string,
  channel: Channel,
  key: string,
): Program<Awaited<ReturnType<IdentityStore['remove']>>> {
  yield* lock(setUpOf(tenant));
  const neighbours = yield* listIdentities(tenant, channel);
  const identity = neighbours.find((it) => it.key === key);
  if (identity === undefined) return 'missing';
  if (neighbours.length > 1 && identity.isDefault) return 'is_default';
  if (neighbours.length > 1 && identity.isContact) return 'is_contact';
  yield* run(deleteIdentity, { tenant, channel, key });
  return 'removed';
}
