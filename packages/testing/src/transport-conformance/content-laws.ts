import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { AttachmentContent, EmailSkeleton, Envelope } from '@posthorn/core';
import { emailEnvelope, smsEnvelope } from './envelopes.ts';
import { exercise, hand } from './exercise.ts';
import type { ArrivedMessage, TransportHarness, TransportLaw } from './transport-harness.ts';

/** What a careless transport spoils: dots, long lines, spaces at an end, letters and signs beyond ASCII. */
const DIFFICULT = [
  'Kære Søren – вітаємо 👩‍👩‍👧 日本語',
  '.',
  '..two dots',
  '. From here',
  'From the start',
  'trailing space ',
  `${'long '.repeat(400)}æøå`,
  `${'x'.repeat(1500)}`,
  '=3D is not an equals sign; =?utf-8?q?nor_this?=',
  'tab\there',
  '',
  'the end',
].join('\n');

const HOSTILE = 'Hello\r\nBcc: everybody@elsewhere.example\r\n\r\n<p>another body</p>';

export const contentLaws: readonly TransportLaw[] = [
  {
    name: 'text, html and subject arrive as they were written',
    channel: 'email',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const html = `<p>${DIFFICULT}</p>`;
        const arrived = await sendAndRead(
          harness,
          emailEnvelope({
            slots: [DIFFICULT, html, 'Grüße 👋 fra Åse'],
            skeleton: skeleton({ subject: ['Re: ', 2], text: ['>', 0, '<'], html: ['<div>', 1, '</div>'] }),
          }),
        );
        assert.equal(arrived.subject, 'Re: Grüße 👋 fra Åse');
        assert.equal(lines(arrived.text), `>${DIFFICULT}<`);
        assert.equal(lines(arrived.html ?? ''), `<div>${html}</div>`);
      }),
  },
  {
    name: 'a text message arrives as it was written',
    channel: 'sms',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const text = 'Kære Søren 👋\nvi ses & farvel + 100 %';
        const envelope = smsEnvelope({ slots: [text] });
        const arrived = await sendAndRead(harness, {
          ...envelope,
          skeleton: { ...envelope.skeleton, text: ['>', 0, '<'] },
        });
        assert.equal(lines(arrived.text), `>${text}<`);
      }),
  },
  {
    name: 'attachments and inline images arrive byte for byte',
    channel: 'email',
    check: (subject) =>
      exercise(subject, async (harness) => {
        if (!harness.transport.features.attachments) return;
        const files = [
          file(
            'faktura æ.pdf',
            'application/pdf',
            Uint8Array.from({ length: 70_000 }, (_, index) => (index * 7) % 256),
          ),
          file(
            'logo.png',
            'image/png',
            Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x2e, 0x0a),
            'logo@salon',
          ),
          file('empty.txt', 'text/plain', new Uint8Array()),
        ];
        const html = ['<img src="cid:logo@salon">'];
        const arrived = await sendAndRead(
          harness,
          emailEnvelope({ attachments: files, skeleton: skeleton({ html, attachments: files }) }),
        );
        const found = new Map(
          (arrived.attachments ?? []).map((attachment) => [attachment.filename, attachment]),
        );
        for (const { filename, mediaType, content, contentId } of files) {
          const attachment = found.get(filename);
          assert(attachment !== undefined, `${filename} is missing`);
          assert.equal(attachment.mediaType, mediaType);
          assert.equal(attachment.contentId, contentId);
          assert(Buffer.from(attachment.content).equals(content), `${filename} is not what it was`);
        }
      }),
  },
  {
    name: 'extra headers and the reply address are passed on',
    channel: 'email',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const headers = {
          'X-Salon-Booking': '4711',
          'List-Unsubscribe': '<https://salon.example/u?t=a&b=c>',
        };
        const replyTo = { name: 'Åse', address: 'aase@salon.example' };
        const arrived = await sendAndRead(harness, emailEnvelope({ headers, replyTo }));
        assert.equal(header(arrived, 'x-salon-booking'), '4711');
        assert.equal(header(arrived, 'list-unsubscribe'), headers['List-Unsubscribe']);
        assert.match(header(arrived, 'reply-to'), /aase@salon\.example/);
      }),
  },
  {
    name: 'a line break in a subject, a name or a header adds nothing to the message',
    channel: 'email',
    check: (subject) =>
      exercise(subject, async (harness) => {
        const envelope = emailEnvelope({
          slots: [HOSTILE],
          from: { name: HOSTILE, address: 'hello@salon.example' },
          headers: { 'X-Salon-Note': HOSTILE, 'X-Other\r\nBcc: a@elsewhere.example\r\nX': 'x' },
          skeleton: skeleton({ subject: [0], text: ['the text'] }),
        });
        const { of } = await hand(harness.transport, [envelope]);
        if (of(envelope).status === 'refused') return;
        for (const arrived of await harness.arrived()) {
          assert.equal(arrived.to, envelope.to.address);
          assert.equal(arrived.headers?.get('bcc'), undefined, 'a header was smuggled in');
          assert.equal(lines(arrived.text).trim(), 'the text');
        }
      }),
  },
];

async function sendAndRead(harness: TransportHarness, envelope: Envelope): Promise<ArrivedMessage> {
  const outcome = (await hand(harness.transport, [envelope])).of(envelope);
  assert.equal(outcome.status, 'accepted');
  const [arrived] = await harness.arrived();
  assert(arrived !== undefined, 'nothing arrived');
  return arrived;
}

function skeleton(parts: Partial<EmailSkeleton>): EmailSkeleton {
  return { ...emailEnvelope().skeleton, slotCount: 3, ...parts };
}

function file(
  filename: string,
  mediaType: string,
  content: Uint8Array,
  contentId?: string,
): AttachmentContent {
  const hash = createHash('sha256').update(content).digest('hex');
  const about = { hash, filename, mediaType, sizeBytes: content.byteLength, content };
  return contentId === undefined
    ? { ...about, disposition: 'attachment' }
    : { ...about, disposition: 'inline', contentId };
}

function header(arrived: ArrivedMessage, name: string): string {
  const values = arrived.headers?.get(name) ?? [];
  assert.equal(values.length, 1, `${values.length} fields ${name}`);
  return values[0] ?? '';
}

/** Line ends are the medium's. */
function lines(text: string): string {
  return text.replaceAll('\r\n', '\n').replace(/\n$/, '');
}
