import { cpus, totalmem } from 'node:os';
import { parseArgs } from 'node:util';
import { isMet, type Measured, measure } from './figure.ts';
import { planningMemory } from './planning-memory.ts';
import { planningRate } from './planning-rate.ts';

const FIGURES = [planningRate, planningMemory];

/** `npm run bench`, `npm run bench -- planning` for those whose name holds it, `-- --json` for one line a figure. */
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const chosen = FIGURES.filter(({ name }) => positionals.every((part) => name.includes(part)));
if (chosen.length === 0) {
  console.error(`No figure is called so. There are: ${FIGURES.map(({ name }) => name).join(', ')}`);
  process.exitCode = 1;
}
if (!values.json) {
  const [cpu] = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  console.log(
    `Node ${process.versions.node}, SQLite ${process.versions.sqlite}, ${process.platform} ${process.arch}`,
  );
  console.log(`${cpus().length} × ${cpu?.model ?? 'unknown processor'}, ${memory} GB\n`);
}
for (const figure of chosen) report(await measure(figure));

function report(measured: Measured): void {
  const { figure, value, low, high } = measured;
  const { name, unit, about, goal } = figure;
  if (values.json) {
    console.log(
      JSON.stringify({ name, value: rounded(value), unit, low: rounded(low), high: rounded(high) }),
    );
    return;
  }
  const wanted = 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`;
  const verdict = isMet(measured) ? 'met' : 'NOT MET';
  console.log(
    `${name}  ${rounded(value)} ${unit}  (${rounded(low)} to ${rounded(high)}; goal: ${wanted}, ${verdict})`,
  );
  console.log(`  ${about}\n`);
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
