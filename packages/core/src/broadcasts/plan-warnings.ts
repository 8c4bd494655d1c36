import { namedCharacters } from '../named-characters.ts';
import { UNSUBSCRIBE_SLOT } from '../unsubscribe/index.ts';
import type { PlanWarning } from './broadcast.ts';
import type { Counted } from './tally.ts';

/** Collects what a person should look at before the start. */
export class PlanWarnings {
  /** Characters that cost the cheaper encoding, in the order in which they were met. */
  readonly #costly = new Set<string>();
  #unicode = 0;
  #tooLong = 0;
  readonly #deafSenders = new Set<string>();
  #withoutOptOut = 0;
  #priced = 0;
  #unpriced = 0;

  add({ draft: { message, filled }, cost }: Counted): void {
    if (cost === null) return;
    const costly = cost.costly ?? [];
    for (const character of costly) this.#costly.add(character);
    if (costly.length > 0) this.#unicode += 1;
    if (cost.isTooLong === true) this.#tooLong += 1;
    if (cost.price === null) this.#unpriced += 1;
    else this.#priced += 1;
    if (cost.canReply !== false || filled.slots.some((slot) => slot.includes(UNSUBSCRIBE_SLOT))) return;
    this.#deafSenders.add(message.from.address);
    this.#withoutOptOut += 1;
  }

  /** In Danish, or in English for everybody else. */
  list(locale: string): readonly PlanWarning[] {
    const isDanish = new Intl.Locale(locale).language === 'da';
    const number = new Intl.NumberFormat(isDanish ? locale : 'en');
    const warnings: PlanWarning[] = [];
    const warn = (code: PlanWarning['code'], english: string, danish: string) =>
      warnings.push({ code, message: isDanish ? danish : english });
    if (this.#unicode > 0) {
      const more = (count: number) => (isDanish ? `${count} til` : `${count} more`);
      const characters = namedCharacters([...this.#costly], more);
      const count = number.format(this.#unicode);
      warn(
        'sms_unicode',
        `Because of ${characters}, ${count} text messages are sent as Unicode: a part holds 70 characters instead of 160.`,
        `På grund af ${characters} sendes ${count} sms som Unicode: Der er plads til 70 tegn i en del i stedet for 160.`,
      );
    }
    if (this.#tooLong > 0) {
      const count = number.format(this.#tooLong);
      warn(
        'sms_too_long',
        `${count} text messages are longer than the provider takes, and would be refused.`,
        `${count} sms er længere, end udbyderen tager imod, og vil blive afvist.`,
      );
    }
    if (this.#withoutOptOut > 0) {
      const senders = [...this.#deafSenders].join(', ');
      const count = number.format(this.#withoutOptOut);
      warn(
        'no_opt_out',
        `Nobody can answer STOP to ${senders}, and ${count} text messages have no link to opt out.`,
        `Ingen kan svare STOP til ${senders}, og ${count} sms har intet link til at afmelde sig.`,
      );
    }
    // An account without prices is a choice.
    if (this.#unpriced > 0 && this.#priced > 0) {
      const count = number.format(this.#unpriced);
      warn(
        'no_price',
        `${count} text messages are to countries that the account says no price for, so nobody knows what all of it costs.`,
        `${count} sms går til lande, som kontoen ikke kender nogen pris for, så ingen ved, hvad det hele koster.`,
      );
    }
    return warnings;
  }
}
