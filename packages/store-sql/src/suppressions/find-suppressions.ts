import type { Channel, SuppressionPage, SuppressionRecord } from '@posthorn/core';
import { foundFirst } from '../found-first.ts';
import { all, type Program, statement } from '../program.ts';
import { suppressionOf } from './suppression-row.ts';

type Place = { tenant: string; channel: string };

const byAddresses = statement((db, p: Place & { addressKeys: string }, dialect) =>
  db
    .selectFrom('posthorn_suppressions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', 'in', dialect.each(p.addressKeys))
    .where('lifted_at', 'is', null)
    .orderBy(foundFirst('created_at'), 'desc')
    .orderBy('id', 'desc'),
);

const ofAddress = statement((db, p: Place & { addressKey: string }) =>
  db
    .selectFrom('posthorn_suppressions')
    .selectAll()
    .where('tenant', '=', p.tenant)
    .where('channel', '=', p.channel)
    .where('address_key', '=', p.addressKey)
    .orderBy(foundFirst('created_at'), 'desc')
    .orderBy('id', 'desc'),
);

/** The earliest of each address: it is what first forbade to write there. */
export function* findSuppressions(
  tenant: string,
  channel: Channel,
  addressKeys: readonly string[],
): Program<ReadonlyMap<string, SuppressionRecord>> {
  const rows = yield* all(byAddresses, { tenant, channel, addressKeys: JSON.stringify(addressKeys) });
  return new Map(rows.map((row) => [row.address_key, suppressionOf(row)]));
}

export function* suppressionHistory(
  tenant: string,
  channel: Channel,
  addressKey: string,
): Program<readonly SuppressionRecord[]> {
  return (yield* all(ofAddress, { tenant, channel, addressKey })).map(suppressionOf);
}

export function* listSuppressions(
  tenant: string,
  channel: Channel | undefined,
  page: SuppressionPage,
): Program<readonly SuppressionRecord[]> {
  return (yield* all(pageOf(channel, page), { tenant })).map(suppressionOf);
}

function pageOf(channel: Channel | undefined, { limit, before }: SuppressionPage) {
  return statement((db, p: { tenant: string }) => {
    let query = db
      .selectFrom('posthorn_suppressions')
      .selectAll()
      .where('tenant', '=', p.tenant)
      .where('lifted_at', 'is', null);
    if (channel !== undefined) query = query.where('channel', '=', channel);
    if (before !== undefined) {
      query = query.where((it) =>
        it(it.refTuple('created_at', 'id'), '<', it.tuple(before.createdAt, before.id)),
      );
    }
    return query.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(limit);
  });
}
