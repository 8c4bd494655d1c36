import { describe, expect, it, vi } from 'vitest';
import { HOST } from './conditions.test-kit.ts';
import { type SqlRecipientsOptions, sqlRecipients } from './index.ts';

const OPTIONS = { label: 'Customers', from: 'customers c', id: 'c.id' };

describe('a query of the host’s that goes wrong', () => {
  const ask = (query: unknown, dialect: 'sqlite' | 'postgres' = 'sqlite') =>
    sqlRecipients({ ...OPTIONS, dialect, query: query as SqlRecipientsOptions['query'] }).byIds(
      ['secret-17'],
      HOST,
    );

  it.each([
    [
      'fails at once',
      () => {
        throw new Error('no such table: customers');
      },
    ],
    [
      'fails later',
      async () => {
        throw new Error('no such table: customers');
      },
    ],
  ])('%s: the error names the source, keeps the cause and shows no value', async (_, query) => {
    const error = await ask(query).then(
      () => undefined,
      (thrown) => thrown,
    );
    expect(error).toMatchObject({
      name: 'SourceError',
      code: 'source_failed',
      cause: { message: /no such table/ },
    });
    expect(error.message).toContain('"Customers"');
    expect(error.message).not.toMatch(/secret|no such table/);
  });

  it.each([
    ['nothing', undefined],
    ['the answer of pg as it is', { rows: [] }],
    ['rows that are lists', [1, 2]],
    ['rows without what was asked', [{ id: 1 }]],
  ])('answers %s', async (_, answer) => {
    await expect(ask(() => answer)).rejects.toMatchObject({ name: 'SourceError', code: 'source_failed' });
  });

  it.each([
    ['lists', [['17', 'Anna']]],
    ['with names of its own', [{ posthornId: '17' }]],
  ])('answers rows %s: the error says under which name the id was expected', async (_, answer) => {
    await expect(ask(() => answer)).rejects.toThrow('`posthorn_id`');
  });

  it('is asked again the next time', async () => {
    const query = vi.fn().mockRejectedValueOnce(new Error('starting up')).mockResolvedValue([]);
    const source = sqlRecipients({ ...OPTIONS, dialect: 'postgres', query });
    await expect(source.byIds(['1'], HOST)).rejects.toThrow('cannot be read');
    expect(await source.byIds(['1'], HOST)).toEqual([]);
  });
});
