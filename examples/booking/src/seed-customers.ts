import type { Random } from './random.ts';

export interface Customer {
  readonly id: number;
  readonly firstName: string;
  readonly lastName: string;
  /** As somebody typed it in at the counter: missing and malformed ones are part of life. */
  readonly email: string | null;
  /** As somebody typed it in, too. */
  readonly phone: string | null;
  readonly city: string;
  readonly language: string;
}

type Names = readonly [string, ...string[]];

interface Origin {
  readonly language: string;
  readonly first: Names;
  readonly last: Names;
}

const DANISH: Origin = {
  language: 'da',
  first: [
    'Anna',
    'Søren',
    'Åse',
    'Jørgen',
    'Bjørn',
    'Mette',
    'Ærø',
    'Freja',
    'Kåre',
    'Signe',
    'Lærke',
    'Øyvind',
  ],
  last: ['Sørensen', 'Ørsted', 'Ågård', 'Jensen', 'Nielsen', 'Kjær', 'Bæk', 'Møller', 'Højgaard', 'Bruun'],
};

const FOREIGN: readonly [Origin, ...Origin[]] = [
  {
    language: 'en',
    first: ['Olivia', 'Siobhán', 'Zoë', 'D’Arcy'],
    last: ['O’Neill', 'Smith-Jones', 'Brontë', 'de Souza'],
  },
  { language: 'de', first: ['Jürgen', 'Käthe', 'Günther'], last: ['Weiß', 'Müller', 'Größler'] },
  { language: 'ar', first: ['محمد', 'ليلى', 'فاطمة'], last: ['الحسن', 'خليل'] },
  { language: 'uk', first: ['Оксана', 'Тарас'], last: ['Шевченко', 'Коваленко'] },
  { language: 'zh', first: ['伟', '芳'], last: ['王', '李'] },
  { language: 'en', first: ['Robin 🌻', 'Kim "Kimmie"'], last: ['<script>', 'Sun & Sea'] },
];

const CITIES: Names = ['Aarhus', 'Odense', 'København', 'Aalborg', 'Ærøskøbing', 'Tønder'];
const DOMAINS: Names = ['post.example', 'mail.example', 'firma.example', 'bølge.example'];

/** What is typed into an address field when nobody checks it. */
const MALFORMED: Names = [
  'anna@',
  '@post.example',
  'ring først',
  'a b@post.example',
  'x@post..example',
  'x@post.example,',
];

/** Addresses on which the demo's mail server answers with something else than yes. */
const TROUBLE: Names = ['gone', 'full', 'blocked', 'later', 'cut', 'busy'];

export function makeCustomer(id: number, random: Random): Customer {
  const origin = random.chance(0.8) ? DANISH : random.pick(FOREIGN);
  return {
    id,
    firstName: random.pick(origin.first),
    lastName: random.pick(origin.last),
    email: makeEmail(id, random),
    phone: makePhone(id),
    city: random.pick(CITIES),
    language: origin.language,
  };
}

/** Most are written as one writes them at home, some with a country; of some nobody knows one, and some are no mobile's. */
export function makePhone(id: number): string | null {
  if (id % 17 === 0) return null;
  if (id % 97 === 0) return 'ring til arbejdet';
  if (id % 41 === 0) return '+46 8 12 34 56 78';
  const digits = String(20_120_000 + id).replace(/(?<=^(\d\d)+)(?=\d)/g, ' ');
  return id % 5 === 0 ? `+45 ${digits}` : digits;
}

function makeEmail(id: number, random: Random): string | null {
  if (random.chance(0.06)) return null;
  if (random.chance(0.02)) return random.pick(MALFORMED);
  const mailbox = random.chance(0.05) ? random.pick(TROUBLE) : 'kunde';
  return `${mailbox}.${id}@${random.pick(DOMAINS)}`;
}
