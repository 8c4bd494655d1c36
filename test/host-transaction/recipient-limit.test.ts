import { expect, it } from 'vitest';
import { adHoc, openShop } from './shop.test-kit.ts';

it('what one transaction has written to an address counts to its limit before anybody else can see it', async () => {
  const { posthorn, database, email, drain } = await openShop({
    limits: { 'test-email': { perRecipientPerDay: 2 } },
  });
  database.exec('begin');
  const sent = [];
  for (let n = 0; n < 4; n += 1) sent.push(await posthorn.send({ ...adHoc, tx: database }));
  database.exec('commit');
  expect(sent.map(({ reason }) => reason)).toEqual([null, null, 'recipient_limit', 'recipient_limit']);
  await drain();
  expect(email.sent).toHaveLength(2);
});
