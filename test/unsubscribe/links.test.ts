import { DatabaseSync } from 'node:sqlite';
import { describe, expect, it, vi } from 'vitest';
import { click, K1, K2, openBulkSalon } from './bulk-salon.test-kit.ts';

const anna = { email: 'anna@kunder.example' };
const again = { to: anna, email: { subject: 'Hej', text: 'Hej' } };

describe('a bulk email', () => {
  it('says to mail programs where to unsubscribe, signed, and as it is shown to the host', async () => {
    const { mail, posthorn } = await openBulkSalon();
    const { id, header, link, links } = await mail(anna.email, { 'X-Campaign': 'storm' });
    expect(links).toEqual([link]);
    const [value = '', ...others] = header('List-Unsubscribe');
    expect(others).toEqual([]);
    expect(value).toMatch(
      /^<http:\/\/127\.0\.0\.1:\d+\/messages\/unsubscribe\/[\w-]+>, <mailto:hej@salonsol\.example\?subject=unsubscribe%20[\w-]+>$/,
    );
    expect(header('List-Unsubscribe-Post')).toEqual(['List-Unsubscribe=One-Click']);
    const signed = /\bh=([^;]+)/.exec(header('DKIM-Signature')[0] ?? '')?.[1]?.split(':');
    expect(signed).toEqual(expect.arrayContaining(['list-unsubscribe', 'list-unsubscribe-post']));
    expect((await posthorn.messages.rendered(id)).headers).toEqual({
      'X-Campaign': 'storm',
      'List-Unsubscribe': value,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    });
  });

  it('of a host without a public URL has an address to write to', async () => {
    const { mail } = await openBulkSalon({ mounted: false });
    const { header, links } = await mail(anna.email);
    expect(links).toEqual([
      expect.stringMatching(/^mailto:hej@salonsol\.example\?subject=unsubscribe%20[\w-]+$/),
    ]);
    expect(header('List-Unsubscribe')).toEqual([`<${links[0]}>`]);
    expect(header('List-Unsubscribe-Post')).toEqual([]);
  });

  it('is what has such links: a single one has only what its host says', async () => {
    const { mail, mailOne } = await openBulkSalon();
    const single = await mailOne(anna.email);
    expect([single.header('List-Unsubscribe'), single.links]).toEqual([[], ['']]);
    const own = { 'List-Unsubscribe': '<https://elsewhere.example/u>' };
    expect((await mailOne(anna.email, own)).header('List-Unsubscribe')).toEqual(Object.values(own));
    await expect(mail(anna.email, own)).rejects.toMatchObject({ path: 'headers["List-Unsubscribe"]' });
  });
});

describe('whoever clicks', () => {
  it('gets nothing more, and the host sees why, how and by which message', async () => {
    const { mail, posthorn } = await openBulkSalon();
    const heard = vi.fn();
    posthorn.on('address.unsubscribed', heard);
    const { id, link, broadcast } = await mail('Anna@Kunder.example');
    expect((await click(link)).status).toBe(200);
    expect(await posthorn.suppressions.get(anna)).toMatchObject({
      address: anna.email,
      reason: 'unsubscribed',
      evidence: { how: 'one-click', message: id, broadcast },
    });
    expect(await posthorn.send(again)).toMatchObject({ status: 'skipped' });
    expect(heard).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ tenant: 'default', messageId: id }),
    );
  });

  it('unsubscribes from one company, and not from another one of the same host', async () => {
    const { mail, posthorn } = await openBulkSalon();
    await click((await mail(anna.email)).link);
    expect(await posthorn.tenant('salon-maane').suppressions.get(anna)).toBeNull();
    expect(await posthorn.tenant('salon-maane').send(again)).toMatchObject({ status: 'queued' });
  });

  it('may read first, press the button, and undo it', async () => {
    const { mail, posthorn } = await openBulkSalon();
    const { link } = await mail(anna.email);
    const press = (action: string) => fetch(link, { method: 'POST', body: new URLSearchParams({ action }) });
    expect(await (await fetch(link, { headers: { 'accept-language': 'da' } })).text()).toContain(
      'Afmeld mig',
    );
    expect(await posthorn.suppressions.get(anna)).toBeNull();
    await press('unsubscribe');
    expect(await posthorn.suppressions.get(anna)).toMatchObject({ evidence: { how: 'page' } });
    await press('resubscribe');
    expect(await posthorn.suppressions.get(anna)).toBeNull();
    expect(await posthorn.send(again)).toMatchObject({ status: 'queued' });
  });

  it('does so years later, when the message is gone and the secrets are other ones', async () => {
    const { mail, posthorn, reopen, file } = await openBulkSalon();
    const { link } = await mail(anna.email);
    await posthorn.close();
    const rotating = await reopen({ current: 'k2', keys: { k1: K1, k2: K2 } });
    await rotating.rotateSecrets();
    await rotating.close();
    const database = new DatabaseSync(file);
    for (const table of ['events', 'deliveries', 'messages']) database.exec(`delete from posthorn_${table}`);
    database.close();
    const after = await reopen({ current: 'k2', keys: { k2: K2 } });
    expect((await click(link)).status).toBe(200);
    expect(await after.suppressions.get(anna)).toMatchObject({ reason: 'unsubscribed', address: null });
  });

  it('on a link of another host finds nothing', async () => {
    const [ours, theirs] = [await openBulkSalon(), await openBulkSalon()];
    const { link } = await theirs.mail(anna.email);
    const { origin } = new URL((await ours.mail('bo@kunder.example')).link);
    expect((await click(origin + new URL(link).pathname)).status).toBe(404);
    expect(await ours.posthorn.suppressions.get(anna)).toBeNull();
  });
});
