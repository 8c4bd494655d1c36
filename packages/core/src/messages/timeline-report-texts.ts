import type { EntryText, Words } from './entry-text.ts';

/** What a timeline says of reports: as `ENTRY_TEXTS`, with `reported` where a provider says what we might have found out. */
export const REPORT_TEXTS: Readonly<Record<string, EntryText>> = {
  'accepted.reported': {
    title: ['On its way', 'På vej'],
    sentence: ['The service is delivering it.', 'Tjenesten er ved at levere den.'],
  },
  'deferred.reported': {
    title: ['Postponed', 'Udsat'],
    sentence: [
      'The receiving side has not taken it yet; the service is still trying.',
      'Modtagersiden har ikke taget imod den endnu; tjenesten forsøger stadig.',
    ],
  },
  'rejected.reported': {
    title: ['Refused', 'Afvist'],
    sentence: [
      'The service took it, and then did not send it on.',
      'Tjenesten tog imod den, men sendte den ikke videre.',
    ],
  },
  'failed.reported': {
    title: ['Given up', 'Opgivet'],
    sentence: ['The service tried, and has given up.', 'Tjenesten har forsøgt og har opgivet.'],
  },
  opened: {
    title: ['Opened', 'Åbnet'],
    sentence: ['{recipient} has opened it.', '{recipient} har åbnet den.'],
  },
  machine_opened: {
    title: ['Loaded by a machine', 'Hentet af en maskine'],
    sentence: [
      'A program (such as Apple Mail, or a virus scanner) has loaded it. Whether anybody has read it, that does not say.',
      'Et program (som Apple Mail eller en virusskanner) har hentet den. Om nogen har læst den, siger det intet om.',
    ],
  },
  clicked: {
    title: ['Link followed', 'Link fulgt'],
    sentence: ['{recipient} has followed a link in it.', '{recipient} har fulgt et link i den.'],
  },
  machine_clicked: {
    title: ['Link checked by a machine', 'Link undersøgt af en maskine'],
    sentence: [
      'A scanner has followed a link in it. Whether anybody has read it, that does not say.',
      'En skanner har fulgt et link i den. Om nogen har læst den, siger det intet om.',
    ],
  },
  complained: {
    title: ['Reported as spam', 'Meldt som spam'],
    sentence: [
      '{recipient} has reported it as spam; the address is not written to any more.',
      '{recipient} har meldt den som spam; der skrives ikke til adressen mere.',
    ],
  },
  unsubscribed: {
    title: ['Unsubscribed', 'Meldt fra'],
    sentence: [
      '{recipient} has unsubscribed; the address is not written to any more.',
      '{recipient} har meldt sig fra; der skrives ikke til adressen mere.',
    ],
  },
  resubscribed: {
    title: ['Subscribed again', 'Meldt til igen'],
    sentence: ['{recipient} has subscribed again.', '{recipient} har meldt sig til igen.'],
  },
  reported: {
    title: ['Reported', 'Meddelt'],
    sentence: [
      'The service reported something that we do not know: “{provider}”.',
      'Tjenesten meddelte noget, som vi ikke kender: “{provider}”.',
    ],
  },
};

/** After the rest, where the provider tells which link it was. */
export const LINK_TEXT: Words = ['The link: {url}', 'Linket: {url}'];
