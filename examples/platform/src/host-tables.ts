import type { Pool } from 'pg';
import { COMPANIES } from './companies.ts';

/** The host's own tables. Posthorn's lie beside them, in a schema of their own, and are made by whoever opens it first. */
export async function createHostTables(pool: Pool): Promise<void> {
  await pool.query(TABLES);
  for (const { id, customers } of COMPANIES) await pool.query(CUSTOMERS, [id, customers]);
}

const TABLES = `
  create table customers (
    id bigint generated always as identity primary key,
    company text not null,
    first_name text not null,
    last_name text not null,
    email text not null unique,
    city text not null
  );
  create index customers_of_company on customers (company, id);
  create table bookings (
    id uuid primary key,
    company text not null,
    customer bigint not null references customers (id),
    starts_at timestamp not null,
    service text not null,
    confirmation text not null
  );
`;

const CUSTOMERS = `
  insert into customers (company, first_name, last_name, email, city)
  select $1::text, (array['Anna', 'Søren', 'Mette', 'Freja', 'Kåre', 'Zoë'])[1 + n % 6],
    (array['Jensen', 'Ørsted', 'Møller', 'Bruun', 'O’Neill'])[1 + n % 5],
    'customer.' || n || '@' || $1::text || '.post.example', (array['Aarhus', 'Odense'])[1 + n % 2]
  from generate_series(1, $2::integer) as n
`;
