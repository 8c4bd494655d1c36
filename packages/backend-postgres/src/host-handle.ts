import { ConfigurationError } from '@posthorn/core';
import type { SqlConnection } from '@posthorn/store-sql';
import { fromDrizzle, fromKnex, fromKysely, fromPrisma } from 'pg-boss';

/** What a `tx` can do, whoever's it is. */
export interface HostHandle {
  /** Whose statements must not come between ours: the connection, where the library lets it be seen. */
  readonly key: object;
  readonly connection: SqlConnection;
  /** Calls when the transaction is over. Null where its library tells nobody, so that it has to be looked for. */
  readonly onEnd: ((then: () => void) => void) | null;
}

type Fields = Readonly<Record<PropertyKey, unknown>>;
/** pg-boss's adapter to a library. */
type Adapter = (tx: never) => { executeSql(text: string, values: unknown[]): Promise<{ rows: unknown[] }> };

/**
 * Recognises a transaction by what only it has: the libraries are the host's, and nothing of them is loaded here.
 *
 * @throws ConfigurationError `tx_unsupported` for anything else, `tx_not_open` for what a transaction is begun on, or one
 * that says it has ended.
 */
export function hostHandle(tx: unknown): HostHandle {
  if ((typeof tx === 'object' || typeof tx === 'function') && tx !== null) {
    const fields = tx as Fields;
    const kind = kindOf(fields);
    if (kind !== undefined) return kind(fields);
  }
  throw new ConfigurationError('tx_unsupported', '`tx` is no transaction that this backend knows.', {
    path: 'tx',
    advice:
      'Pass a client of `pg` with an open transaction, or the transaction itself that Prisma, Drizzle, Knex or Kysely gives you.',
  });
}

function kindOf(tx: Fields): ((tx: Fields) => HostHandle) | undefined {
  if (isFunction(tx.$queryRawUnsafe)) return prisma;
  if (isFunction(tx.executeQuery) && typeof tx.isTransaction === 'boolean') return kysely;
  if (isFunction(tx.raw) && dialectOf(tx) === 'postgresql') return knex;
  if (isFunction(tx.execute) && isDrizzle(tx)) return drizzle;
  if (isFunction(tx.query) && isFunction(tx.connect)) return pgClient;
  return undefined;
}

/** A client, or what one is got from. */
function pgClient(tx: Fields): HostHandle {
  if (!isFunction(tx.getTypeParser)) throw notOpen('a pool of `pg`', 'const client = await pool.connect()');
  const client = tx as unknown as { query(query: object): Promise<{ rows: unknown[] }> };
  return {
    key: tx,
    connection: {
      executeSql: (text, values) => client.query({ text, values: [...values] }),
    },
    onEnd: endOfClient(tx),
  };
}

/** Prisma's own clients connect, its transactions cannot. */
function prisma(tx: Fields): HostHandle {
  if (isFunction(tx.$connect)) throw notOpen('Prisma’s client', 'prisma.$transaction(async (tx) => …)');
  return { key: tx, connection: adapted(fromPrisma, tx), onEnd: null };
}

function kysely(tx: Fields): HostHandle {
  if (tx.isTransaction === false) throw notOpen('Kysely itself', 'db.transaction().execute(async (tx) => …)');
  if (tx.isCommitted === true || tx.isRolledBack === true) throw ended();
  // The host's plugins are for its own tables.
  const bare = isFunction(tx.withoutPlugins) ? tx.withoutPlugins() : tx;
  return { key: tx, connection: adapted(fromKysely, bare), onEnd: null };
}

function knex(tx: Fields): HostHandle {
  if (tx.isTransaction !== true) throw notOpen('Knex itself', 'knex.transaction(async (tx) => …)');
  if (isFunction(tx.isCompleted) && tx.isCompleted() === true) throw ended();
  let outermost = tx;
  while (isObject(outermost.parentTransaction)) outermost = outermost.parentTransaction;
  const { executionPromise } = outermost;
  return {
    key: outermost,
    connection: adapted(fromKnex, tx),
    onEnd: executionPromise instanceof Promise ? (then) => void executionPromise.then(then, then) : null,
  };
}

function drizzle(tx: Fields): HostHandle {
  if (!isFunction(tx.rollback)) throw notOpen('Drizzle’s database', 'db.transaction(async (tx) => …)');
  const { client } = (tx.session ?? {}) as Fields;
  const below = isObject(client) ? client : undefined;
  const connection = adapted((it: never) => fromDrizzle(it, drizzleSql), tx);
  return { key: below ?? tx, connection, onEnd: below === undefined ? null : endOfClient(below) };
}

/** Drizzle's own `sql` is the host's. All that its transactions ask of what it makes is the text and the values. */
const drizzleSql = Object.assign(
  (strings: TemplateStringsArray, ...params: unknown[]) => {
    const sql = strings.reduce((text, part, i) => `${text}$${i}${part}`);
    return { getSQL: () => ({ toQuery: () => ({ sql, params }) }) };
  },
  { param: (value: unknown) => value },
);

/** By the mark that all classes of Drizzle carry; those for other databases are no `PgDatabase`. */
function isDrizzle(tx: Fields): boolean {
  const mark = Symbol.for('drizzle:entityKind');
  for (
    let made = Object.getPrototypeOf(tx)?.constructor;
    isObject(made);
    made = Object.getPrototypeOf(made)
  ) {
    if (made[mark] === 'PgDatabase') return true;
  }
  return false;
}

/** A client of `pg` says after each statement whether a transaction is open; one on libpq does not. */
function endOfClient({ connection }: Fields): ((then: () => void) => void) | null {
  if (!isObject(connection) || !isFunction(connection.on)) return null;
  const messages = connection as unknown as NodeJS.EventEmitter;
  return (then) => {
    const stop = (): void => {
      messages.off('readyForQuery', look);
      messages.off('end', stop);
      then();
    };
    const look = ({ status }: { readonly status?: unknown }): void => {
      if (status === 'I') stop();
    };
    messages.on('readyForQuery', look);
    messages.on('end', stop);
  };
}

function adapted(adapter: Adapter, tx: unknown): SqlConnection {
  const { executeSql } = adapter(tx as never);
  return { executeSql: (text, values) => executeSql(text, [...values]) };
}

function dialectOf({ client }: Fields): unknown {
  return isObject(client) ? client.dialect : undefined;
}

function notOpen(what: string, way: string): ConfigurationError {
  return new ConfigurationError('tx_not_open', `\`tx\` is ${what}, not a transaction.`, {
    path: 'tx',
    advice: `Begin one (${way}), and pass that.`,
  });
}

export function ended(cause?: unknown): ConfigurationError {
  return new ConfigurationError('tx_not_open', 'There is no open transaction on `tx`.', {
    path: 'tx',
    advice: 'Begin it before the call, or leave `tx` out.',
    cause,
  });
}

function isFunction(value: unknown): value is (...args: unknown[]) => unknown {
  return typeof value === 'function';
}

function isObject(value: unknown): value is Fields {
  return (typeof value === 'object' || typeof value === 'function') && value !== null;
}
