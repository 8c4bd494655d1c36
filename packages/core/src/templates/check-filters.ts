import { type Template, TypeGuards } from 'liquidjs';
import { InputError } from '../errors.ts';
import type { ParsedPart } from './check-tags.ts';
import { readerFilters } from './filters.ts';
import { placeOf } from './liquid.ts';
import type { Reader } from './reader.ts';
import { appliedFilters } from './tag-references.ts';
import { childrenOf } from './template-nodes.ts';

/** Anybody: what is checked is not the value. */
const READER: Reader = { locale: 'en', timeZone: 'UTC', now: 0 };

/** A value that each filter can write, whatever it is told. */
const FITTING: Readonly<Record<string, unknown>> = {
  date: '2026-01-15T10:00',
  time: '2026-01-15T10:00',
  datetime: '2026-01-15T10:00',
  number: 1,
  percent: 1,
  money: { amount: 1, currency: 'EUR' },
};

/**
 * Tries what the filters of a template are told (`date: "lnog"`), so that a mistake is found when it is saved and not when
 * it is sent.
 *
 * @throws InputError `template_syntax`.
 */
export function checkFilters({ path, nodes }: Pick<ParsedPart, 'path' | 'nodes'>): void {
  for (const node of nodes) {
    for (const argument of node.arguments?.() ?? []) {
      for (const { name, args } of appliedFilters(argument)) tryFilter(name, args, node, path);
    }
    checkFilters({ path, nodes: childrenOf(node) });
  }
}

function tryFilter(name: string, args: readonly unknown[], node: Template, path: string): void {
  const filter = Object.hasOwn(readerFilters, name) ? readerFilters[name] : undefined;
  // What a tag's value says is known only when it is filled in.
  const literal = args.flatMap((arg) =>
    TypeGuards.isQuotedToken(arg) || TypeGuards.isNumberToken(arg) ? [arg] : [],
  );
  if (filter === undefined || literal.length < args.length) return;
  try {
    filter(
      FITTING[name],
      literal.map(({ content }) => content),
      READER,
    );
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    const [line = 1, column = 1] = node.token.getPosition();
    throw new InputError('template_syntax', `${placeOf({ path, line, column })}: ${error.message}`, {
      path,
      cause: error,
    });
  }
}
