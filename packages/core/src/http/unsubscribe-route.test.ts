import { describe, expect, it, vi } from 'vitest';
import { oneClick, openLinks, press } from './link.test-kit.ts';

const inForce = (marks: readonly { readonly liftedAt: number | null }[]) =>
  marks.filter(({ liftedAt }) => liftedAt === null);

describe('a click in the mail program', () => {
  it('unsubscribes, and keeps who did it and how', async () => {
    const { handler, marks, mail, context } = openLinks();
    const { url, id, addressKey } = await mail('Anna@Example.dk', 'salon-sol');
    expect((await handler(oneClick(url))).status).toBe(200);
    expect(marks).toMatchObject([
      {
        tenant: 'salon-sol',
        channel: 'email',
        address: 'anna@example.dk',
        addressKey,
        reason: 'unsubscribed',
        evidence: { how: 'one-click', message: id, broadcast: 'storm' },
        createdAt: context.clock.now(),
        liftedAt: null,
      },
    ]);
  });

  it('works as multipart, which RFC 8058 allows too', async () => {
    const { handler, marks, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    const body = new FormData();
    body.set('List-Unsubscribe', 'One-Click');
    expect((await handler(oneClick(url, { body }))).status).toBe(200);
    expect(marks).toHaveLength(1);
  });

  it('works twice and beside itself, and makes one mark and one event', async () => {
    const { handler, marks, mail, context } = openLinks();
    const heard = vi.fn();
    context.live.on('address.unsubscribed', heard);
    const { url, id } = await mail('anna@example.dk');
    const answers = await Promise.all([1, 2, 3].map(() => handler(oneClick(url))));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(marks).toHaveLength(1);
    expect(heard.mock.calls).toEqual([
      [
        {
          tenant: 'default',
          channel: 'email',
          address: 'anna@example.dk',
          messageId: id,
          broadcast: 'storm',
          at: new Date(context.clock.now()),
        },
      ],
    ]);
  });

  it('works when the message is gone', async () => {
    const { handler, marks, mail } = openLinks();
    const { url, id, addressKey, forget } = await mail('anna@example.dk');
    forget();
    const answer = await handler(oneClick(url));
    expect(answer.status).toBe(200);
    expect(await answer.text()).toContain('You are unsubscribed');
    expect(marks).toMatchObject([{ addressKey, address: null, evidence: { how: 'one-click', message: id } }]);
  });

  it('is no redirect, and sets no cookie', async () => {
    const { handler, mail } = openLinks();
    const { headers } = await handler(oneClick((await mail('anna@example.dk')).url));
    expect([headers.get('location'), headers.get('set-cookie')]).toEqual([null, null]);
  });
});

describe('looking at the page', () => {
  it.each(['GET', 'HEAD'])('unsubscribes nobody (%s): scanners open every link', async (method) => {
    const { handler, marks, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    for (const suffix of ['', '?List-Unsubscribe=One-Click', '?action=unsubscribe']) {
      expect((await handler(new Request(url + suffix, { method }))).status).toBe(200);
    }
    expect(marks).toEqual([]);
  });

  it('asks in Danish or English, and shows the sender’s name as text', async () => {
    const { handler, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    const danish = await handler(new Request(url, { headers: { 'accept-language': 'da' } }));
    expect(danish.headers.get('content-language')).toBe('da');
    const html = await danish.text();
    expect(html).toContain('<html lang="da">');
    expect(html).toContain(
      '<h1>Vil du ikke have flere e-mails fra Salon &lt;Sol&gt; &amp; &quot;Måne&quot;?</h1>',
    );
    expect(await (await handler(new Request(url))).text()).toContain('<h1>No more emails from Salon');
  });

  it('tells a stranger not whose link it is', async () => {
    const { handler, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    for (const request of [new Request(url), oneClick(url), press(url, 'resubscribe')]) {
      const html = await (await handler(request)).text();
      expect(html).not.toContain('anna@');
    }
    expect(await (await handler(new Request(url))).text()).toContain('This is about a…@example.dk.');
  });

  it('loads nothing, runs nothing, and is kept, framed, found and told of by nobody', async () => {
    const { handler, mail } = openLinks();
    const answer = await handler(new Request((await mail('anna@example.dk')).url));
    const html = await answer.text();
    expect(html).not.toMatch(/<script|<link|<img|src=|href=|@import|url\(|\son\w+=|\sstyle=/i);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; .*form-action 'self'.*frame-ancestors 'none'/);
    const style = /<style>([^<]*)<\/style>/.exec(html)?.[1] ?? '';
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(style));
    expect(policy).toContain(`style-src 'sha256-${Buffer.from(digest).toString('base64')}'`);
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
  });

  it('shows a button that a keyboard and a screen reader can press', async () => {
    const { handler, mail } = openLinks();
    const html = await (await handler(new Request((await mail('anna@example.dk')).url))).text();
    expect(html).toMatch(/<form method="post"><button type="submit" name="action" value="unsubscribe">/);
    expect(html).toMatch(/<title>No more emails from[^<]+<\/title>/);
    expect(html).toContain('<main>');
  });
});

describe('the button', () => {
  it('unsubscribes, and another one undoes it', async () => {
    const { handler, marks, mail } = openLinks();
    const { url, id } = await mail('anna@example.dk');
    const done = await (await handler(press(url, 'unsubscribe'))).text();
    expect(done).toContain('value="resubscribe"');
    expect(marks).toMatchObject([{ evidence: { how: 'page', message: id }, liftedAt: null }]);
    const undone = await (await handler(press(url, 'resubscribe'))).text();
    expect(undone).toContain('You are no longer unsubscribed');
    expect(marks).toMatchObject([{ lifted: { how: 'page', message: id } }]);
    expect(inForce(marks)).toEqual([]);
    // Pressed twice.
    expect(await (await handler(press(url, 'resubscribe'))).text()).toContain(
      'You are no longer unsubscribed',
    );
  });

  it('undoes only what the same link did', async () => {
    const { handler, marks, mail, context } = openLinks();
    const first = await mail('anna@example.dk');
    const second = await mail('anna@example.dk');
    const { store } = await context.open();
    await handler(oneClick(first.url));
    const [mark] = marks;
    if (mark !== undefined)
      await store.suppressions.add({ ...mark, id: 'by-hand', reason: 'blocked', evidence: { by: 'kim' } });
    expect(await (await handler(oneClick(second.url))).text()).not.toContain('resubscribe');
    expect(await (await handler(press(second.url, 'resubscribe'))).text()).toContain('You are unsubscribed');
    expect(inForce(marks)).toHaveLength(2);
    await handler(press(first.url, 'resubscribe'));
    expect(inForce(marks)).toMatchObject([{ id: 'by-hand', reason: 'blocked' }]);
  });
});

describe('what nobody asked for', () => {
  it.each<[string, RequestInit]>([
    ['an empty body', {}],
    ['another form', { body: new URLSearchParams({ action: 'delete' }) }],
    ['another value', { body: new URLSearchParams({ 'List-Unsubscribe': 'Two-Clicks' }) }],
    ['JSON', { body: '{"List-Unsubscribe":"One-Click"}', headers: { 'content-type': 'application/json' } }],
    [
      'a broken multipart',
      { body: '--x\r\n', headers: { 'content-type': 'multipart/form-data; boundary=x' } },
    ],
  ])('is refused and changes nothing: %s', async (_case, init) => {
    const { handler, marks, mail, logged } = openLinks();
    const { url } = await mail('anna@example.dk');
    expect((await handler(new Request(url, { method: 'POST', ...init }))).status).toBe(400);
    expect([marks, logged]).toEqual([[], []]);
  });

  it('is read no further than it may be long', async () => {
    const { handler, marks, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    let pulled = 0;
    const endless = new ReadableStream({
      pull(controller) {
        pulled += 1;
        controller.enqueue(new Uint8Array(1024));
      },
    });
    const request = new Request(url, { method: 'POST', body: endless, duplex: 'half' });
    expect((await handler(request)).status).toBe(413);
    expect(pulled).toBeLessThan(32);
    expect(marks).toEqual([]);
  });
});

describe('a link that is not ours', () => {
  it('looks the same, whatever is wrong with it, and reads nothing', async () => {
    const { handler, marks, mail } = openLinks();
    const { url } = await mail('anna@example.dk');
    const foreign = (await openLinks().mail('anna@example.dk')).url;
    const unknown = await (await handler(new Request('https://app.example.dk/messages/nothing/here'))).text();
    const changed = `${url.slice(0, -1)}${url.endsWith('A') ? 'E' : 'A'}`;
    const base = url.slice(0, url.lastIndexOf('/'));
    for (const wrong of [foreign, changed, `${url}A`, url.slice(0, -4), `${base}/x`, `${base}/%00`, base]) {
      for (const request of [new Request(wrong), oneClick(wrong), press(wrong, 'resubscribe')]) {
        const answer = await handler(request);
        expect([answer.status, await answer.text()]).toEqual([404, unknown]);
      }
    }
    expect(marks).toEqual([]);
  });
});
