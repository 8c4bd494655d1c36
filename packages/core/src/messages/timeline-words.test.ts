import { describe, expect, it } from 'vitest';
import type { Failure, MessageRecord } from '../ports/index.ts';
import { ENTRY_TEXTS, FAILURE_TEXTS } from './timeline-texts.ts';
import { type Telling, tell } from './timeline-words.ts';

const message: MessageRecord = {
  id: 'm1',
  tenant: 'salon',
  channel: 'email',
  template: 'booking',
  versionId: 'v1',
  skeletonId: 's1',
  slots: [],
  sealedSlots: null,
  identity: 'salon',
  from: { address: 'hej@salonsol.dk' },
  replyTo: null,
  account: 'smtp',
  accountTenant: '$platform',
  recipient: null,
  toName: 'Anna',
  address: 'anna@hotmail.com',
  addressKey: 'k',
  locale: 'da',
  timeZone: 'Europe/Copenhagen',
  headers: {},
  attachments: [],
  key: null,
  resendOf: null,
  broadcast: null,
  createdAt: 0,
  sendAt: Date.UTC(2026, 10, 27, 9),
  expiresAt: Date.UTC(2026, 10, 28, 9),
};

const said = (telling: Partial<Telling> & Pick<Telling, 'type'>, locale: string, about = message) =>
  tell({ reason: null, failure: null, by: null, ...telling }, about, {
    locale,
    timeZone: 'Europe/Copenhagen',
  }).sentence;

const unknownMailbox: Failure = {
  bounceClass: 'hard',
  category: 'unknown_mailbox',
  fault: 'recipient',
  reply: { code: 550, enhanced: '5.1.1', text: 'No such user' },
};

describe('a sentence', () => {
  it('says whose server refused and what it answered, in the language asked for', () => {
    const bounced = { type: 'bounced', failure: unknownMailbox } as const;
    expect(said(bounced, 'en')).toBe(
      'The mail server of hotmail.com refused it for good. There is no such mailbox. The answer: “550 5.1.1 No such user”',
    );
    expect(said(bounced, 'da-DK')).toBe(
      'Mailserveren hos hotmail.com afviste den endeligt. Postkassen findes ikke. Svaret: “550 5.1.1 No such user”',
    );
  });

  it('blames nobody by name for what our own mail server answered', () => {
    const failure: Failure = { ...unknownMailbox, phase: 'rcpt' };
    expect(said({ type: 'bounced', failure }, 'en')).toMatch(/^The mail server refused it/);
  });

  it('shows an answer that is not recognised as such', () => {
    const failure: Failure = { category: 'other', fault: 'nobody', reply: { code: 599, text: 'Blue moon' } };
    expect(said({ type: 'deferred', failure }, 'en')).toContain(
      'The answer was not recognised: “599 Blue moon”',
    );
    expect(said({ type: 'unknown', failure: { category: 'other', fault: 'nobody' } }, 'en')).toContain(
      'The reason was not recognised.',
    );
  });

  it('does not call an answer what nobody answered', () => {
    const reply = { text: 'The connection ended (ECONNRESET).' };
    const cut: Failure = { category: 'connection', fault: 'network', reply };
    expect(said({ type: 'unknown', failure: cut }, 'da')).toMatch(
      /brød sammen\. Teknisk: “The connection ended \(ECONNRESET\)\.”$/,
    );
    expect(said({ type: 'unknown', failure: { ...cut, category: 'other' } }, 'en')).toMatch(
      /decides\. In technical terms: “The connection ended \(ECONNRESET\)\.”$/,
    );
  });

  it.each([
    ['no_address', 'Skipped because the recipient has no email address.'],
    ['suppressed:blocked', 'Skipped because the address was marked by hand as not to be written to.'],
    ['of_a_later_version', 'Skipped: of_a_later_version.'],
  ])('says why somebody was skipped: %s', (reason, expected) => {
    expect(said({ type: 'skipped', reason }, 'en')).toBe(expected);
  });

  it('says when, on the clock of the reader', () => {
    expect(said({ type: 'scheduled' }, 'en-GB')).toBe('To leave on 27 Nov 2026, 10:00.');
  });

  it('never reads what is filled in as a text', () => {
    const evil = { ...message, toName: '{by} $& {address}' };
    expect(said({ type: 'created' }, 'en', evil)).toBe('Written to {by} $& {address}.');
  });

  it('is English for those whose language is not spoken', () => {
    expect(said({ type: 'created' }, 'fr')).toBe('Written to Anna.');
  });
});

describe('every text', () => {
  const types = Object.keys(ENTRY_TEXTS).map((key) => key.split('.') as [Telling['type'], (string | null)?]);

  it.each(types)('of %s %s is whole in both languages', (type, reason = null) => {
    for (const locale of ['en', 'da']) {
      const sentence = said({ type, reason, by: 'Kim' }, locale);
      expect(sentence).not.toMatch(/[{}]|\bundefined\b|\bnull\b/);
      expect(sentence).toMatch(/^\p{Lu}.*[.”]$/u);
    }
    expect(said({ type, reason }, 'en')).not.toBe(said({ type, reason }, 'da'));
  });

  it('knows every category of failure', () => {
    for (const words of Object.values(FAILURE_TEXTS)) {
      for (const text of words) expect(text).toMatch(/^\p{Lu}[^{}]*\.$/u);
    }
  });
});
