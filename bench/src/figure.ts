/** Something that is measured: a ratio to a peer or a limit of the same round, so that machines compare. */
export interface Figure {
  /** `broadcast.planning.rate` */
  readonly name: string;
  /** One line: what is compared with what. */
  readonly about: string;
  readonly unit: string;
  readonly goal: { readonly atLeast: number } | { readonly atMost: number };
  readonly rounds: number;
  /** One round: subject and peer, one after the other. */
  measure(): Promise<number>;
}

/** Several rounds of one figure. */
export interface Measured {
  readonly figure: Figure;
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** The median of the rounds, and their spread. */
export async function measure(figure: Figure): Promise<Measured> {
  const values: number[] = [];
  for (let round = 0; round < figure.rounds; round += 1) values.push(await figure.measure());
  values.sort((a, b) => a - b);
  const middle = Math.floor(values.length / 2);
  return {
    figure,
    value: values[middle] ?? Number.NaN,
    low: values[0] ?? Number.NaN,
    high: values.at(-1) ?? Number.NaN,
  };
}

export function isMet({ figure: { goal }, value }: Measured): boolean {
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}
