import { compileContent } from '../packages/core/src/templates/compile-content.ts';
import { renderSlots } from '../packages/core/src/templates/render-slots.ts';
import { renderedContent } from '../packages/core/src/templates/join-part.ts';
import { showsSensitive, checkTags } from '../packages/core/src/templates/check-tags.ts';
import { parseLiquid } from '../packages/core/src/templates/liquid.ts';
const reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 27, 9) };
const comp = async (parts: any, tags: any = {}) => (await compileContent({ locale: 'da', locales: { da: parts }, snippets: {}, attachments: [] } as any, tags))[0]!;
const render = async (c: any, data: any) => renderedContent(c.skeleton, await renderSlots(c, { data, ...reader }));
async function time(name: string, f: () => Promise<any>) {
  const t = performance.now(); let r: any;
  try { r = await f(); } catch (e: any) { r = `${e.code ?? e.name}: ${e.message.slice(0, 120)}`; }
  console.log(name.padEnd(34), `${Math.round(performance.now() - t)} ms`, `${Math.round(process.memoryUsage().rss / 1e6)} MB`, typeof r === 'string' ? r.slice(0, 200) : r?.length ?? '');
}
const html = (h: string) => async () => { const c = await comp({ email: { subject: 'x', html: h } }); return `compiled ${c.compiled.html?.length}`; };
const which = process.argv[2];
const P: Record<string, () => Promise<any>> = {
  nth: html(`<style>${'p:nth-child(2n+1){color:red}'.repeat(300)}</style>${'<p></p>'.repeat(5000)}`),
  sib: html(`<style>${'i ~ p{color:red}'.repeat(300)}</style>${'<p></p>'.repeat(5000)}`),
  desc: html(`<style>${'x * * * * * * * * b{color:red}'.repeat(100)}</style>${'<b>'.repeat(400)}`),
  decls: html(`<style>p{${Array.from({ length: 20000 }, (_, i) => `a${i}:b`).join(';')}}</style><p>x`),
  selxdecl: html(`<style>${'p,'.repeat(2000)}b{${'a:b;'.repeat(2000)}}</style><p>x`),
  grow: html(`<style>*{${Array.from({ length: 100 }, (_, i) => `a${i}:${'b'.repeat(200)}`).join(';')}}</style>${'<p>'.repeat(4000)}`),
  plain1mb: html('<p>hello <b>x</b></p>\n'.repeat(45000)),
  links: html('<a href="x">'.repeat(500) + 'x'.repeat(900_000)),
  bigtag: html('<' + 'a'.repeat(500_000) + ' {% if a %} {% endif %}'.repeat(2400) + '>'),
  nestfor: html(`<a href="${'{% for i in x %}a'.repeat(45)}b/${'{% endfor %}'.repeat(45)}">`),
  nestfor2: html(`${'{% for i in x %}<p {% if a %}b{% endif %} style="{% if a %}a:b;{% endif %}">'.repeat(45)}</p>`.slice(0) + `${'x'.repeat(20000)}${'{% endfor %}'.repeat(45)}`),
  liquidnest: html('{% ' + 'liquid '.repeat(50000) + ' %}'),
  pattern: async () => { const c = await comp({ sms: { text: `{{ now | date: "${'%B'.repeat(200000)}" }}` } }); return (await render(c, {}) as any).text.length; },
  striphtml: async () => { const c = await comp({ sms: { text: `{{ x | strip_html }}` } }); return (await render(c, { x: '<script'.repeat(60000) }) as any).text.length; },
  replace: async () => { const c = await comp({ sms: { text: `{% assign y = x | replace: 'a', x %}{{ y | size }}` } }); return (await render(c, { x: 'a'.repeat(20000) }) as any).text; },
  neg: async () => { const c = await comp({ sms: { text: `{% assign y = (100000000000..1) %}{% assign z = (1..100000000) %}{{ z.size }}` } }); return (await render(c, {}) as any).text; },
  capture: async () => { const c = await comp({ sms: { text: `{% capture a %}{% for i in (1..1000) %}${'x'.repeat(500_000)}{% endfor %}{% endcapture %}{{ a }}` } }); return (await render(c, {}) as any).text.length; },
  capture4: async () => { const c = await comp({ sms: { text: [1,2,3,4].map(n => `{% capture a${n} %}{% for i in (1..1000) %}${'x'.repeat(200_000)}{% endfor %}{% endcapture %}{% if a${n} contains 'y' %}{% endif %}`).join('') } }); return (await render(c, {}) as any).text.length; },
  emptyfor: async () => { const c = await comp({ sms: { text: `{% for i in (1..3000) %}{% for j in (1..3000) %}{% endfor %}{% endfor %}x` } }); return (await render(c, {}) as any).text.length; },
  emptyfor2: async () => { const c = await comp({ sms: { text: `{% for i in (1..15000000) %}{% endfor %}x` } }); return (await render(c, {}) as any).text.length; },
  sorts: async () => { const c = await comp({ sms: { text: `{% for i in rows %}{% assign a = rows | sort: "n" %}{% endfor %}x` } }); return (await render(c, { rows: Array.from({ length: 5000 }, (_, i) => ({ n: (i * 7919) % 5000 })) }) as any).text.length; },
  uniq: async () => { const c = await comp({ sms: { text: `{% assign a = s | split: "" | uniq | size %}{{ a }}` } }); return (await render(c, { s: 'a'.repeat(500000) }) as any).text.length; },
  binds: html(`{% if ${Array.from({ length: 2500 }, (_, i) => `t${i}`).join(' or ')} %}${Array.from({ length: 2400 }, (_, i) => `{% assign b${i} = 1 %}`).join('')}{% endif %}`),
  binds2: html(Array.from({ length: 4900 }, (_, i) => `{% assign x = x | append: t${i} %}`).join('') + '{{ x }}'),
  nest50: html('{% if a %}'.repeat(50) + Array.from({ length: 4900 }, (_, i) => `{{ t${i} }}`).join('') + '{% endif %}'.repeat(50)),
};
for (const [n, f] of Object.entries(P)) if (!which || which.split(',').includes(n)) await time(n, f);
