import type { CompanyMessaging } from './messaging.ts';

/** What a company fills in on its settings page. */
export interface CompanySettings {
  readonly sender: { readonly name: string; readonly address: string };
  readonly server: { readonly port: number; readonly username: string; readonly password: string };
  readonly confirmation: Text;
  readonly news: Text;
}

interface Text {
  readonly subject: string;
  readonly html: string;
}

/** Its own account, its own sender, its own words. Doing it again changes nothing. */
export async function saveSettings(messaging: CompanyMessaging, settings: CompanySettings): Promise<void> {
  const { sender, server, confirmation, news } = settings;
  await messaging.accounts.save({
    key: 'own-server',
    adapter: 'smtp',
    settings: { host: '127.0.0.1', security: 'none', ...server },
  });
  await messaging.identities.save({
    key: 'company',
    channel: 'email',
    ...sender,
    account: 'own-server',
    default: true,
    contact: true,
  });
  await messaging.templates.save({ key: 'confirmation', label: 'Confirmation', email: confirmation });
  await messaging.templates.save({ key: 'news', label: 'News', email: news });
}

/** A company of the story. */
export interface Company {
  readonly id: string;
  readonly name: string;
  readonly address: string;
  readonly password: string;
  readonly customers: number;
  readonly service: string;
}

export const SALON: Company = {
  id: 'salon-sol',
  name: 'Salon Sol',
  address: 'hello@salonsol.example',
  password: 'sun-and-summer',
  customers: 2_000,
  service: 'Haircut',
};

export const COMPANIES: readonly Company[] = [
  SALON,
  {
    id: 'northern-yoga',
    name: 'Northern Yoga',
    address: 'desk@northernyoga.example',
    password: 'breathe-in-breathe-out',
    customers: 200,
    service: 'Morning class',
  },
  {
    id: 'harbour-bikes',
    name: 'Harbour Bikes',
    address: 'rent@harbourbikes.example',
    password: 'two-wheels-are-enough',
    customers: 60,
    service: 'Cargo bike',
  },
];

/** What its people write into the settings page. */
export function settingsOf({ name, address, password }: Company, port: number): CompanySettings {
  return {
    sender: { name, address },
    server: { port, username: address, password },
    confirmation: {
      subject: 'See you {{ booking.startsAt | datetime }}',
      html: `<p>Dear {{ customer.firstName }}</p>
<p>{{ booking.service }}: <b>{{ booking.startsAt | datetime: 'full' }}</b>. We look forward to seeing you.</p>
<p>${name}</p>`,
    },
    news: {
      subject: `A word from ${name}`,
      html: `<p>Dear {{ customer.firstName }}</p><p>There are new times for the winter. Come and see us!</p>
<p>${name}</p><p><a href="{{ unsubscribe.url }}">No more news</a></p>`,
    },
  };
}
