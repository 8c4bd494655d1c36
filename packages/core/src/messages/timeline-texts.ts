import type { FailureCategory } from '../ports/index.ts';
import type { EntryText, Words } from './entry-text.ts';
import { SKIPPED_TEXTS } from './skipped-texts.ts';

// What a timeline says, as data.

/** By event type; what follows the dot is the event's reason (or the class of a bounce) where that changes the words. */
export const ENTRY_TEXTS: Readonly<Record<string, EntryText>> = {
  created: {
    title: ['Created', 'Oprettet'],
    sentence: ['Written to {recipient}.', 'Skrevet til {recipient}.'],
  },
  'created.resend': {
    title: ['Created', 'Oprettet'],
    sentence: [
      'Written to {recipient}, to send an earlier message again.',
      'Skrevet til {recipient} for at sende en tidligere besked igen.',
    ],
  },
  scheduled: {
    title: ['Scheduled', 'Planlagt'],
    sentence: ['To leave on {sendAt}.', 'Skal sendes {sendAt}.'],
  },
  resent: {
    title: ['Sent again', 'Sendt igen'],
    sentence: ['Sent again as a new message to {recipient}.', 'Sendt igen som en ny besked til {recipient}.'],
  },
  redacted: {
    title: ['Content removed', 'Indhold slettet'],
    sentence: [
      'What it said is no longer kept, as it is old. That it was written, and what became of it, stays.',
      'Det, der stod i den, gemmes ikke længere, fordi den er gammel. At den blev skrevet, og hvordan det gik den, kan stadig ses.',
    ],
  },
  ...SKIPPED_TEXTS,
  canceled: {
    title: ['Cancelled', 'Annulleret'],
    sentence: ['Cancelled before it was sent.', 'Annulleret, før den blev sendt.'],
  },
  'canceled.too_late': {
    title: ['Cancelled', 'Annulleret'],
    sentence: [
      'Cancelled while it was being handed over. What that attempt ends with stands; there is no other.',
      'Annulleret, mens den blev afleveret. Det forsøg står ved magt; der kommer ikke flere.',
    ],
  },
  expired: {
    title: ['Expired', 'Udløbet'],
    sentence: [
      'Not sent, because it was to leave before {expiresAt} or not at all.',
      'Ikke sendt, fordi den skulle af sted før {expiresAt} eller slet ikke.',
    ],
  },
  accepted: {
    title: ['Sent', 'Sendt'],
    sentence: [
      '{server} has taken it and answers for the rest of the way.',
      '{server} har taget imod den og sørger for resten af vejen.',
    ],
  },
  'accepted.resolved': {
    title: ['Settled by hand', 'Afgjort i hånden'],
    sentence: ['{by} decided that it was sent.', '{by} har afgjort, at den blev sendt.'],
  },
  deferred: {
    title: ['Postponed', 'Udsat'],
    sentence: [
      'Not taken yet; it is tried again by itself.',
      'Ikke taget imod endnu; den forsøges igen af sig selv.',
    ],
  },
  delivered: {
    title: ['Delivered', 'Leveret'],
    sentence: ['It has reached {recipient}.', 'Den er nået frem til {recipient}.'],
  },
  bounced: {
    title: ['Came back', 'Kom retur'],
    sentence: ['{server} refused it.', '{server} afviste den.'],
  },
  'bounced.hard': {
    title: ['Came back', 'Kom retur'],
    sentence: ['{server} refused it for good.', '{server} afviste den endeligt.'],
  },
  'bounced.soft': {
    title: ['Came back', 'Kom retur'],
    sentence: [
      '{server} refused it; another day it may work.',
      '{server} afviste den; en anden dag kan det gå.',
    ],
  },
  'bounced.blocked': {
    title: ['Blocked', 'Blokeret'],
    sentence: ['{server} does not want it from us.', '{server} vil ikke have den fra os.'],
  },
  rejected: {
    title: ['Refused', 'Afvist'],
    sentence: [
      'The service that was to send it refused it.',
      'Tjenesten, der skulle sende den, afviste den.',
    ],
  },
  failed: {
    title: ['Given up', 'Opgivet'],
    sentence: [
      'Every attempt failed, and it is not tried again.',
      'Alle forsøg slog fejl, og den forsøges ikke igen.',
    ],
  },
  'failed.resolved': {
    title: ['Settled by hand', 'Afgjort i hånden'],
    sentence: ['{by} decided that it was not sent.', '{by} har afgjort, at den ikke blev sendt.'],
  },
  unknown: {
    title: ['In doubt', 'I tvivl'],
    sentence: [
      'It was handed over, but no answer came: it may have been sent. It is not tried again until somebody decides.',
      'Den blev afleveret, men der kom intet svar: Den kan være sendt. Den forsøges ikke igen, før nogen afgør det.',
    ],
  },
  'unknown.lease_lost': {
    title: ['In doubt', 'I tvivl'],
    sentence: [
      'The process that handed it over stopped in the middle: it may have been sent. It is not tried again until somebody decides.',
      'Processen, der afleverede den, stoppede midt i det: Den kan være sendt. Den forsøges ikke igen, før nogen afgør det.',
    ],
  },
  requeued: {
    title: ['To be sent again', 'Sendes igen'],
    sentence: ['{by} asked for another attempt.', '{by} har bedt om et nyt forsøg.'],
  },
  'requeued.credentials': {
    title: ['Waiting', 'Venter'],
    sentence: [
      'The account could not log in. The message waits until the account works again.',
      'Kontoen kunne ikke logge ind. Beskeden venter, til kontoen virker igen.',
    ],
  },
  'requeued.stopped': {
    title: ['Waiting', 'Venter'],
    sentence: [
      'The program stopped before it was sent, so it waits again.',
      'Programmet stoppede, før den blev sendt, så den venter igen.',
    ],
  },
};

/** Why an attempt did not end well. */
export const FAILURE_TEXTS: Readonly<Record<Exclude<FailureCategory, 'other'>, Words>> = {
  unknown_mailbox: ['There is no such mailbox.', 'Postkassen findes ikke.'],
  unknown_domain: ['The domain of the address takes no email.', 'Adressens domæne tager ikke imod email.'],
  mailbox_disabled: ['The mailbox is closed.', 'Postkassen er lukket.'],
  mailbox_moved: ['The mailbox has moved.', 'Postkassen er flyttet.'],
  mailbox_full: ['The mailbox is full.', 'Postkassen er fuld.'],
  invalid_address: ['The address is not valid there.', 'Adressen er ikke gyldig dér.'],
  not_mobile: ['The number takes no text messages.', 'Nummeret tager ikke imod sms.'],
  unreachable: [
    'The phone was switched off or out of reach.',
    'Telefonen var slukket eller uden for rækkevidde.',
  ],
  unsubscribed: [
    'The recipient wants nothing more from this sender.',
    'Modtageren vil ikke have mere fra denne afsender.',
  ],
  suppressed: [
    'The service writes to the address no more, because earlier messages came back or were reported as spam.',
    'Tjenesten skriver ikke længere til adressen, fordi tidligere beskeder kom retur eller blev meldt som spam.',
  ],
  message_too_large: ['The message is too large.', 'Beskeden er for stor.'],
  content_refused: ['The content was refused.', 'Indholdet blev afvist.'],
  spam: ['It was taken for spam.', 'Den blev opfattet som spam.'],
  policy: ['The receiving side’s rules forbid it.', 'Modtagersidens regler forbyder det.'],
  reputation: [
    'Our server or domain has a bad reputation there.',
    'Vores server eller domæne har et dårligt ry dér.',
  ],
  authentication_failed: [
    'The sender’s domain did not pass SPF, DKIM or DMARC.',
    'Afsenderens domæne bestod ikke SPF, DKIM eller DMARC.',
  ],
  sender_refused: ['The sender address was refused.', 'Afsenderadressen blev afvist.'],
  relay_denied: ['The server does not send for this account.', 'Serveren sender ikke for denne konto.'],
  rate_limited: ['Too many messages at once.', 'For mange beskeder på én gang.'],
  greylisted: [
    'It asks unknown senders to try again a little later.',
    'Den beder ukendte afsendere prøve igen lidt senere.',
  ],
  quota: ['The server is short of room.', 'Serveren mangler plads.'],
  credentials: ['User name or password was refused.', 'Brugernavn eller adgangskode blev afvist.'],
  name_resolution: ['The server’s name was not found.', 'Serverens navn blev ikke fundet.'],
  connection: ['The connection to the server failed.', 'Forbindelsen til serveren brød sammen.'],
  tls: ['No secure connection could be made.', 'Der kunne ikke laves en sikker forbindelse.'],
  timeout: ['The server did not answer in time.', 'Serveren svarede ikke i tide.'],
  server_error: ['The server had trouble of its own.', 'Serveren havde selv problemer.'],
  routing_loop: ['The message went round in circles.', 'Beskeden kørte i ring.'],
  protocol: ['The server did not understand the request.', 'Serveren forstod ikke forespørgslen.'],
  bad_request: ['The service did not understand the request.', 'Tjenesten forstod ikke forespørgslen.'],
};

/** What the other side said, after the rest; `technical` where nobody said anything and we describe it ourselves. */
export const REPLY_TEXTS = {
  technical: ['In technical terms: “{reply}”', 'Teknisk: “{reply}”'],
  known: ['The answer: “{reply}”', 'Svaret: “{reply}”'],
  unknown: ['The answer was not recognised: “{reply}”', 'Svaret blev ikke genkendt: “{reply}”'],
  silent: ['The reason was not recognised.', 'Årsagen blev ikke genkendt.'],
} as const satisfies Record<string, Words>;

/** What stands for a `{…}`. `server.of` where it is the recipient's own that speaks. */
export const NAMES = {
  'server.email': ['The mail server', 'Mailserveren'],
  'server.of': ['The mail server of {domain}', 'Mailserveren hos {domain}'],
  'server.sms': ['The text message service', 'SMS-tjenesten'],
  'server.internal': ['The inbox', 'Indbakken'],
  'channel.email': ['email', 'email'],
  'channel.sms': ['text messages', 'sms'],
  'channel.internal': ['internal messages', 'interne beskeder'],
  'kind.email': ['email address', 'en emailadresse'],
  'kind.sms': ['phone number', 'et telefonnummer'],
  'kind.internal': ['inbox', 'en indbakke'],
  somebody: ['Somebody', 'Nogen'],
  nobody: ['a recipient without an address', 'en modtager uden adresse'],
} as const satisfies Record<string, Words>;
