/** What is said of something that is measured: most often a ratio to a peer or a limit, so that machines compare. */
export interface FigureFacts {
  /** `broadcast.planning.rate` */
  readonly name: string;
  /** One line: what is compared with what. */
  readonly about: string;
  readonly unit: string;
  /** Null for what is only reported. */
  readonly goal: { readonly atLeast: number } | { readonly atMost: number } | null;
}

/** A figure with runs of its own. */
export interface Figure extends FigureFacts {
  readonly rounds: number;
  /**
   * One round: subject and peer, one after the other.
   *
   * @throws Skipped
   */
  measure(): Promise<number>;
}

/** Several figures that the same runs yield. */
export interface Bench {
  readonly figures: readonly FigureFacts[];
  readonly rounds: number;
  /**
   * One round, a value for each figure in their order.
   *
   * @throws Skipped
   */
  measure(): Promise<readonly number[]>;
}

/** Thrown where a peer is not there to be compared with; the message says which. */
export class Skipped extends Error {}

/** Several rounds of one figure. */
export interface Measured {
  readonly figure: FigureFacts;
  /** The median. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** A figure of its own, as a bench of one. */
export function benchOf(figure: Figure): Bench {
  return { figures: [figure], rounds: figure.rounds, measure: async () => [await figure.measure()] };
}

/**
 * The median of the rounds, and their spread.
 *
 * @throws Skipped
 */
export async function measure(bench: Bench): Promise<readonly Measured[]> {
  const rounds: (readonly number[])[] = [];
  for (let round = 0; round < bench.rounds; round += 1) rounds.push(await bench.measure());
  return bench.figures.map((figure, index) => {
    const values = rounds.map((round) => round[index] ?? Number.NaN).sort((a, b) => a - b);
    const middle = Math.floor(values.length / 2);
    return {
      figure,
      value: values[middle] ?? Number.NaN,
      low: values[0] ?? Number.NaN,
      high: values.at(-1) ?? Number.NaN,
    };
  });
}

/** Whether it holds what is wanted of it. */
export function isMet({ figure: { goal }, value }: Measured): boolean {
  if (goal === null) return true;
  return 'atLeast' in goal ? value >= goal.atLeast : value <= goal.atMost;
}
