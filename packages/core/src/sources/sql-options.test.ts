import { describe, expect, it } from 'vitest';
import { sqlRecipients } from './index.ts';

describe('options of sqlRecipients', () => {
  const right = { dialect: 'sqlite', label: 'Customers', from: 'customers c', id: 'c.id', query: () => [] };
  const field = { column: 'c.x', type: 'text', label: 'X' };
  const relation = (fields: object) => ({ label: 'R', from: 'r', on: 'true', fields });
  // Each would end the statement, or hide its rest: whom the query and the tenant leave out.
  it.each([
    [{ ...right, from: 'customers c;' }, 'from'],
    [{ ...right, from: 'customers c -- all of them' }, 'from'],
    [{ ...right, name: 'c.name /* display' }, 'name'],
    [{ ...right, tenant: 'c.company; drop table customers' }, 'tenant'],
    [{ ...right, fields: { x: { ...field, column: 'c.x --' } } }, 'fields.x.column'],
    [{ ...right, relations: { r: { ...relation({}), on: "r.kind = ';' -- and" } } }, 'relations.r.on'],
  ])('that end a statement or comment on it are refused: %#', (options, path) => {
    expect(() => sqlRecipients(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });

  it.each(["replace(c.tags, ';', '--')", "c.name || 'it''s -- /* ;'", '"c;d"."a--b"', '`a;b`', '[a;b]'])(
    'may hold any text in quotes: %s',
    (column) => {
      expect(() => sqlRecipients({ ...right, name: column } as never)).not.toThrow();
    },
  );

  it.each([
    [{ ...right, dialect: 'mysql' }, 'dialect'],
    [{ ...right, query: undefined }, 'query'],
    [{ ...right, id: ' ' }, 'id'],
    [{ ...right, form: 'customers' }, ''],
    [{ ...right, fields: { 'a.b': field } }, 'fields["a.b"]'],
    [{ ...right, fields: { a: { ...field, type: 'string' } } }, 'fields.a.type'],
    [{ ...right, fields: { a: { ...field, column: () => 1 } } }, 'fields.a.column'],
    [{ ...right, fields: { a: { ...field, stored: 'epochMs' } } }, 'fields.a.stored'],
    [{ ...right, relations: { r: { ...relation({}), on: undefined } } }, 'relations.r.on'],
    [{ ...right, relations: { email: relation({ status: field }) } }, 'relations.email.fields.status'],
    [
      {
        ...right,
        dialect: 'postgres',
        relations: { r: relation({ a: { ...field, type: 'datetime', stored: 'text' } }) },
      },
      'relations.r.fields.a.stored',
    ],
  ])('that are none are refused: %#', (options, path) => {
    expect(() => sqlRecipients(options as never)).toThrow(
      expect.objectContaining({ code: 'invalid_input', path }),
    );
  });
});
