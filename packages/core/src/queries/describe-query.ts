import type { RecipientSource } from '../ports/index.ts';
import type { CheckedQuery } from './checked-query.ts';
import { healthField } from './health-field.ts';
import { OPERATORS } from './operator.ts';
import {
  type GroupNode,
  type HealthNode,
  isGroup,
  type QueryNode,
  type RelatedNode,
  type RuleNode,
} from './query-node.ts';
import { PHRASES, SENTENCES } from './query-texts.ts';
import type { RecipientOperator } from './recipient-query.ts';
import { createSpeaker, type Speaker } from './speaker.ts';
import { tellList, tellNumber, tellValue } from './tell-values.ts';

/** The most clauses of one group that a sentence holds. */
const TOLD_CLAUSES = 20;

/** In whose words a query is told. */
export interface TellOptions {
  /** BCP 47. Danish and English are spoken; everybody else is told in English. */
  readonly locale: string;
  /** IANA: whose clock moments are shown by. */
  readonly timeZone: string;
}

/**
 * A query in words: `Customers whose City is Aarhus or Odense, and who have no reservations where Service is massage`.
 * What things are called comes from the source's labels.
 */
export function describeQuery(source: RecipientSource, query: CheckedQuery, options: TellOptions): string {
  const speaker = createSpeaker(options.locale, options.timeZone);
  const teller: Teller = { source, speaker };
  const { root } = query;
  if (isGroup(root) && root.of.length === 0) {
    const text = root.kind === 'all' ? SENTENCES.everybody : SENTENCES.nobody;
    return speaker.speak(text, { label: inSentence(source.label) });
  }
  const { label } = source;
  const tell = (node: QueryNode) => (isGroup(node) ? tellGroup(node, teller) : tellNode(node, true, teller));
  if (root.kind === 'not' && !hasOpposite(root.of)) {
    return speaker.speak(SENTENCES.except, { label, clauses: tell(root.of) });
  }
  return speaker.speak(SENTENCES.those, { label, clauses: tell(root) });
}

interface Teller {
  readonly source: RecipientSource;
  readonly speaker: Speaker;
}

function tellGroup({ kind, of }: GroupNode, teller: Teller): string {
  const clauses = of.slice(0, TOLD_CLAUSES).map((part) => tellNode(part, true, teller));
  return join(kind, clauses, of.length, ', ', teller.speaker);
}

/** A clause about the recipient; `wanted` is false where its opposite is told. */
function tellNode(node: QueryNode, wanted: boolean, teller: Teller): string {
  const { source, speaker } = teller;
  switch (node.kind) {
    case 'not':
      return tellNode(node.of, !wanted, teller);
    case 'all':
    case 'any':
      return speaker.speak(wanted ? SENTENCES.group : SENTENCES.opposite, {
        clauses: tellGroup(node, teller),
      });
    case 'related':
      return speaker.speak(wanted ? SENTENCES.related : SENTENCES.unrelated, {
        relation: inSentence(source.relations?.[node.relation]?.label ?? node.relation),
        rules: tellRelated(node, speaker),
      });
    case 'ids':
      return speaker.speak(wanted ? SENTENCES.chosen : SENTENCES.unchosen, {
        count: tellNumber(node.ids.length, speaker),
      });
    case 'rule':
    case 'health':
      return tellRule(node, wanted, speaker);
  }
}

function tellRelated({ combine, rules }: RelatedNode, speaker: Speaker): string {
  const told = rules
    .slice(0, TOLD_CLAUSES)
    .map((rule) => `${rule.field.label} ${phraseOf(rule, rule.operator, speaker)}`);
  return join(combine, told, rules.length, ' ', speaker);
}

function tellRule(rule: RuleNode | HealthNode, wanted: boolean, speaker: Speaker): string {
  const { label: field } = fieldOf(rule, speaker);
  const tell = (operator: RecipientOperator) =>
    speaker.speak(SENTENCES.field, { field, is: phraseOf(rule, operator, speaker) });
  if (wanted) return tell(rule.operator);
  const opposite = oppositeOperator(rule.operator);
  return opposite === undefined
    ? speaker.speak(SENTENCES.opposite, { clauses: tell(rule.operator) })
    : tell(opposite);
}

function phraseOf(rule: RuleNode | HealthNode, operator: RecipientOperator, speaker: Speaker): string {
  const field = fieldOf(rule, speaker);
  const [from, to] = rule.said;
  return speaker.speak(PHRASES[field.type][operator], {
    value: tellList(rule.said, field, speaker),
    from: from === undefined ? '' : tellValue(from, field, speaker),
    to: to === undefined ? '' : tellValue(to, field, speaker),
  });
}

function fieldOf(rule: RuleNode | HealthNode, speaker: Speaker) {
  return rule.kind === 'rule' ? rule.field : healthField(rule.address, speaker);
}

/** Whether words of its own say the opposite of it: `is not`, `who have no`. */
function hasOpposite(node: QueryNode): boolean {
  if (node.kind === 'rule' || node.kind === 'health') return oppositeOperator(node.operator) !== undefined;
  return !isGroup(node);
}

function oppositeOperator(operator: RecipientOperator): RecipientOperator | undefined {
  const { asks, negated } = OPERATORS[operator];
  return (Object.keys(OPERATORS) as RecipientOperator[]).find(
    (name) => OPERATORS[name].asks === asks && OPERATORS[name].negated !== negated,
  );
}

/** `a, and b, and 3 more`. */
function join(
  kind: 'all' | 'any',
  told: readonly string[],
  count: number,
  pause: string,
  speaker: Speaker,
): string {
  const more = count - told.length;
  const parts =
    more === 0 ? told : [...told, speaker.speak(SENTENCES.more, { count: tellNumber(more, speaker) })];
  return parts.join(`${pause}${speaker.speak(SENTENCES[kind])} `);
}

/** A label within a sentence begins with a small letter, unless it is an abbreviation: `reservations`, `SMS texts`. */
function inSentence(label: string): string {
  const [first = '', second = ''] = label;
  return second !== '' && second === second.toUpperCase()
    ? label
    : first.toLowerCase() + label.slice(first.length);
}
