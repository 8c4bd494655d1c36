import type { EmailSkeleton, SkeletonPiece } from '@posthorn/core';

/** The mail that every figure of sending is about: 5 kB of HTML and a text part, with ten slots in all. */
export const SUBJECT = 'Your appointment on {{ reservation.day }}';

const PARAGRAPHS = [
  'Please arrive five minutes early, so that we can take your coat and bring you something to drink.',
  'If you cannot come, call us no later than the day before. Then somebody from the waiting list gets your place.',
  'We keep a small selection of the products that we use ourselves, and gladly tell you how to use them at home.',
  'Parking is free behind the building for two hours. The bus stops at Nørreport, three minutes away on foot.',
  'Children are welcome on every day of the week; there is a corner with books and toys for them.',
  'We are closed on public holidays, and on the first Monday of every month, when all of us meet to learn.',
  'Gift cards are valid for three years, in all our salons, and can be bought at the counter or on our pages.',
];
const FACTS = [
  ['Treatment', '{{ reservation.service }}'],
  ['Day', '{{ reservation.day }}'],
  ['Time', '{{ reservation.time }}'],
] as const;

const CELL = 'padding:8px 12px;border-bottom:1px solid #e2ddd5;font-family:Georgia,serif;font-size:15px';
const TEXT_STYLE = 'margin:0 0 16px;font-family:Helvetica,Arial,sans-serif;font-size:15px;line-height:22px';

export const HTML = [
  '<!doctype html><html><head><title>Salon Sol</title></head>',
  '<body style="margin:0;background:#f6f3ee"><table role="presentation" width="100%" cellpadding="0" cellspacing="0">',
  '<tr><td align="center" style="padding:24px 12px"><table role="presentation" width="600" style="background:#fff">',
  '<tr><td style="padding:32px 40px"><h1 style="margin:0 0 24px;font-size:24px">Salon Sol, Nørregade 14, Aarhus</h1>',
  `<p style="${TEXT_STYLE}">Dear {{ customer.firstName }},</p>`,
  `<p style="${TEXT_STYLE}">we look forward to seeing you. This is what you have booked with us:</p>`,
  '<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="margin:0 0 24px">',
  ...FACTS.map(
    ([label, value]) =>
      `<tr><td style="${CELL};color:#7a7266">${label}</td><td style="${CELL}">${value}</td></tr>`,
  ),
  '</table>',
  ...PARAGRAPHS.flatMap((text, index) => [
    `<h2 style="margin:0 0 8px;font-family:Georgia,serif;font-size:17px;color:#3b362f">Good to know, ${index + 1}</h2>`,
    `<p style="${TEXT_STYLE}">${text} ${text}</p>`,
  ]),
  `<p style="${TEXT_STYLE}"><a href="https://salon.example.com/bookings/{{ reservation.code }}" style="color:#8a5a2b">`,
  'Change your appointment</a></p></td></tr></table></td></tr></table></body></html>',
].join('\n');

export const TEXT = [
  'Salon Sol, Nørregade 14, Aarhus',
  'Dear {{ customer.firstName }},',
  'we look forward to seeing you. This is what you have booked with us:',
  '{{ reservation.service }}, {{ reservation.day }}, {{ reservation.time }}',
  ...PARAGRAPHS,
].join('\n\n');

const FIRST_NAMES = ['Anna', 'Søren', 'Mette', 'Åse', 'Peter', 'Kirsten', 'Jørgen', 'Ida'];
const SERVICES = ['Haircut', 'Colour and cut', 'Perm', 'Beard trim', 'Highlights'];
const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

/** What the mail says to the customer of that number. */
export function dataOf(customer: number) {
  const of = (values: readonly string[]): string => values[customer % values.length] ?? '';
  return {
    customer: { firstName: `${of(FIRST_NAMES)} ${customer}` },
    reservation: {
      service: of(SERVICES),
      day: `${of(DAYS)}, ${(customer % 28) + 1} May`,
      time: `${8 + (customer % 10)}:${customer % 2 === 0 ? '00' : '30'}`,
      code: (customer * 7919).toString(36).padStart(8, '0'),
    },
  };
}

/** The same by the names of the tags: `customer.firstName`. */
export function valuesOf(customer: number): Record<string, string> {
  const groups = Object.entries(dataOf(customer));
  return Object.fromEntries(
    groups.flatMap(([group, fields]) =>
      Object.entries(fields).map(([field, value]) => [`${group}.${field}`, value]),
    ),
  );
}

/** Splits a part into its texts, at even places, and the names of its tags, at odd ones. */
const TAG = /{{ ([\w.]+) }}/;

/** A part of the mail as that customer gets it. None of the values needs escaping. */
export function filledIn(part: string, customer: number): string {
  const pieces = part.split(TAG);
  const text = pieces.map((piece, at) => (at % 2 === 0 ? piece : tagValue(piece, customer))).join('');
  // One flat string, as a host has that read it somewhere: nobody should pay for our joining.
  return Buffer.from(text).toString();
}

/** What stands in the skeleton's slots for that customer. */
export function slotsOf(customer: number): readonly string[] {
  return [SUBJECT, HTML, TEXT].flatMap((part) =>
    part.split(TAG).flatMap((piece, at) => (at % 2 === 0 ? [] : tagValue(piece, customer))),
  );
}

/** The mail as core hands it to an adapter. */
export function makeSkeleton(): EmailSkeleton {
  let slotCount = 0;
  const piecesOf = (part: string): readonly SkeletonPiece[] =>
    part.split(TAG).map((piece, at) => (at % 2 === 0 ? piece : slotCount++));
  return {
    id: 'f'.repeat(64),
    channel: 'email',
    locale: 'en',
    subject: piecesOf(SUBJECT).filter((piece) => piece !== ''),
    html: piecesOf(HTML),
    text: piecesOf(TEXT),
    attachments: [],
    slotCount,
    sensitiveSlots: [],
  };
}

function tagValue(tag: string, customer: number): string {
  const value = valuesOf(customer)[tag];
  if (value === undefined) throw new Error(`There is no value for the tag ${tag}`);
  return value;
}
