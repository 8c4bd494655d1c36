// Renders one transactional mail for many, by its slots and as a whole by plain liquidjs, and prints how many times as long
// liquidjs takes:
//   node --conditions=@posthorn/source packages/core/src/templates/render-slots.test-bench.ts
import { Liquid } from 'liquidjs';
import type { CompiledSkeleton } from '../ports/index.ts';
import { compileContent } from './compile-content.ts';
import { renderedContent } from './join-part.ts';
import { renderSlots } from './render-slots.ts';

/** Those before are for V8 to warm up. */
const WARM = 40;
const ROUNDS = 100;
const MESSAGES = 250;
const reader = { locale: 'da-DK', timeZone: 'Europe/Copenhagen', now: Date.UTC(2026, 10, 27) };

const TERMS = Array.from(
  { length: 14 },
  (_, index) =>
    `<h2 style="margin:0 0 8px;font-size:17px">Good to know, ${index + 1}</h2>
<p style="margin:0 0 16px;color:#333333">Please come five minutes early, so that we can take your coat. If you cannot come,
let us know no later than the day before: then somebody from the waiting list gets your place.</p>`,
).join('\n');
const SUBJECT = 'Your booking {{ booking.number }}';
const HTML = `<!doctype html>
<html><head><title>Your booking</title></head><body>
<h1>Dear {{ customer.firstName }} {{ customer.lastName }}</h1>
<p>Your booking {{ booking.number }} with {{ booking.staff }} is on {{ booking.startsAt | datetime: "long", "short" }}.</p>
<table>{% for line in booking.lines %}<tr><td>{{ line.name }}</td><td>{{ line.count }}</td></tr>{% endfor %}</table>
<p>In all {{ booking.total | money }}.</p>
{% if booking.paid %}<p>It is paid with {{ booking.card }}.</p>{% else %}<p>Please pay in the salon.</p>{% endif %}
${TERMS}
<p><a href="{{ booking.url }}">Change or cancel</a></p>
<p>{{ company.name }}, {{ company.address }}, {{ company.phone }}</p>
</body></html>
`;
const TEXT = HTML.replace(/<[^>]*>/g, '');

function dataOf(message: number): object {
  const lines = [
    { name: 'Cut & wash', count: 1 },
    { name: 'Colour', count: 1 + (message % 3) },
    { name: 'Shampoo', count: 2 },
  ];
  return {
    customer: { firstName: `Anna ${message}`, lastName: 'Sørensen' },
    booking: {
      number: 10_000 + message,
      staff: 'Jens',
      startsAt: new Date(Date.UTC(2026, 10, 27, 9) + message * 900_000),
      total: { amount: 250 + message, currency: 'DKK' },
      paid: message % 2 === 0,
      card: 'Visa',
      url: `https://example.com/bookings/${message}`,
      lines,
    },
    company: { name: 'Salon Sol', address: 'Nørregade 14', phone: '+45 70 70 70 70' },
  };
}

/** As a careful host would do it: parsed once, formatters made once, no limits and no copies. */
function byLiquid(): (data: object) => readonly string[] {
  const [plain, escaping] = [new Liquid(), new Liquid({ outputEscape: 'escape' })];
  const { locale, timeZone } = reader;
  const dates = new Intl.DateTimeFormat(locale, { dateStyle: 'long', timeStyle: 'short', timeZone });
  const amounts = new Intl.NumberFormat(locale, { style: 'currency', currency: 'DKK' });
  for (const engine of [plain, escaping]) {
    engine.registerFilter('datetime', (date: Date) => dates.format(date));
    engine.registerFilter('money', ({ amount }: { amount: number }) => amounts.format(amount));
  }
  const [subject, html, text] = [plain.parse(SUBJECT), escaping.parse(HTML), plain.parse(TEXT)];
  return (data) => [
    String(plain.renderSync(subject, data)),
    String(escaping.renderSync(html, data)),
    String(plain.renderSync(text, data)),
  ];
}

async function compiledMail(): Promise<CompiledSkeleton> {
  const email = { subject: SUBJECT, html: HTML, text: TEXT };
  const [compiled] = await compileContent(
    { locale: 'da', locales: { da: { email } }, snippets: {}, attachments: [] },
    {},
  );
  if (compiled === undefined) throw new Error('Nothing was compiled.');
  return compiled;
}

const compiled = await compiledMail();
const whole = byLiquid();
const slotsFor = (data: object) => renderSlots(compiled, { data, ...reader });

for (let message = 0; message < MESSAGES; message += 1) {
  const content = renderedContent(compiled.skeleton, await slotsFor(dataOf(message)));
  if (content.channel !== 'email') throw new Error('It is no email.');
  const same = [content.subject, content.html, content.text].join('\0') === whole(dataOf(message)).join('\0');
  if (!same) throw new Error(`Message ${message} does not say what liquidjs makes of it.`);
}

const slotTimes: number[] = [];
const wholeTimes: number[] = [];
for (let round = 0; round < WARM + ROUNDS; round += 1) {
  const all = Array.from({ length: MESSAGES }, (_, index) => dataOf(round * MESSAGES + index));
  let before = process.cpuUsage();
  for (const data of all) await slotsFor(data);
  slotTimes.push(microseconds(before));
  before = process.cpuUsage();
  for (const data of all) whole(data);
  wholeTimes.push(microseconds(before));
}
const [slotTime, wholeTime] = [median(slotTimes.slice(WARM)), median(wholeTimes.slice(WARM))];
process.stdout.write(`${wholeTime / slotTime}\n`);
process.stderr.write(
  `${slotTime.toFixed(1)} µs a message by slots, ${wholeTime.toFixed(1)} µs by liquidjs\n`,
);

/** CPU time since then, a message. */
function microseconds(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / MESSAGES;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
