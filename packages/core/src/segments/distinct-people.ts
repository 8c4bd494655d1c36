import { type ParsedAddress, type ResolvedRecipient, recipientKey } from '../recipients/index.ts';

/** People, each once: who is added again stays as they were first named. */
export class DistinctPeople {
  readonly #people = new Map<string, ResolvedRecipient>();

  add(person: ResolvedRecipient): void {
    const { recipient, email, phone } = person;
    const key = recipientKey(recipient ?? { email: textOf(email), phone: phone ?? undefined });
    if (!this.#people.has(key)) this.#people.set(key, person);
  }

  get size(): number {
    return this.#people.size;
  }

  /** In the order in which they were first added. */
  list(): readonly ResolvedRecipient[] {
    return [...this.#people.values()];
  }
}

function textOf(parsed: ParsedAddress | null): string | undefined {
  return parsed?.ok === true ? parsed.address : undefined;
}
