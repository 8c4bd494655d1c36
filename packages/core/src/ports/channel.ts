/** How a message travels. */
export type Channel = 'email' | 'sms' | 'internal';
