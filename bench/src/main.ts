import { parseArgs } from 'node:util';
import { broadcastMemory } from './broadcast-memory.ts';
import { enqueue } from './enqueue.ts';
import {
  type Bench,
  benchOf,
  type Figure,
  type FigureFacts,
  isMet,
  type Measured,
  measure,
  Skipped,
} from './figure.ts';
import { hostLoop } from './host-loop.ts';
import { importCore } from './import-core.ts';
import { latencyPostgres } from './latency-postgres.ts';
import { limitOvershoot } from './limit-overshoot.ts';
import { logLatency } from './log-latency.ts';
import { describeMachine } from './machine.ts';
import { pipelineBullmq, pipelineNoop, pipelineSqlite } from './pipeline.ts';
import { pipelinePostgres } from './pipeline-postgres.ts';
import { pipelineSendgrid } from './pipeline-sendgrid.ts';
import { planningMemory } from './planning-memory.ts';
import { planningRate } from './planning-rate.ts';
import { renderSlotsRate } from './render-slots.ts';
import { sendLatency } from './send-latency.ts';
import { sendgridAdapter } from './sendgrid-adapter.ts';
import { smsAdapter } from './sms-adapter.ts';
import { smsAdapterMemory } from './sms-adapter-memory.ts';
import { smtpAdapter, smtpAdapterDkim, smtpRoundTrip } from './smtp-adapter.ts';
import { webhookIngest } from './webhook-ingest.ts';

const ALL: readonly (Figure | Bench)[] = [
  smtpAdapter,
  smtpAdapterDkim,
  smtpRoundTrip,
  sendgridAdapter,
  smsAdapter,
  smsAdapterMemory,
  pipelineSqlite,
  pipelineSendgrid,
  pipelineNoop,
  pipelineBullmq,
  pipelinePostgres,
  renderSlotsRate,
  planningRate,
  planningMemory,
  enqueue,
  broadcastMemory,
  sendLatency,
  latencyPostgres,
  limitOvershoot,
  hostLoop,
  logLatency,
  webhookIngest,
  importCore,
];

/** `npm run bench`, `-- smtp import` for those with one of these in their name, `-- --json` for one line a figure. */
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const isChosen = ({ name }: FigureFacts): boolean =>
  positionals.length === 0 || positionals.some((part) => name.includes(part));

const benches = ALL.map((one) => ('figures' in one ? one : benchOf(one)));
const chosen = benches.filter(({ figures }) => figures.some(isChosen));
if (chosen.length === 0) {
  const names = benches.flatMap(({ figures }) => figures.map(({ name }) => name));
  console.error(`No figure is called so. There are: ${names.join(', ')}`);
  process.exitCode = 1;
} else if (!values.json) {
  for (const line of await describeMachine()) console.log(line);
  console.log();
}
for (const bench of chosen) {
  try {
    for (const measured of await measure(bench)) if (isChosen(measured.figure)) report(measured);
  } catch (error) {
    if (error instanceof Skipped) {
      for (const figure of bench.figures) if (isChosen(figure)) reportSkipped(figure, error.message);
    } else {
      console.error(`${bench.figures.map(({ name }) => name).join(', ')} failed:`, error);
      process.exitCode = 1;
    }
  }
}

function report(measured: Measured): void {
  const { figure, value, low, high } = measured;
  const { name, unit, about } = figure;
  if (values.json) {
    console.log(
      JSON.stringify({ name, value: rounded(value), unit, low: rounded(low), high: rounded(high) }),
    );
    return;
  }
  const spread = `${rounded(low)} to ${rounded(high)}`;
  console.log(`${name}  ${rounded(value)} ${unit}  (${spread}; ${verdict(measured)})`);
  console.log(`  ${about}\n`);
}

/** In JSON a value of null; the reason goes to stderr. */
function reportSkipped({ name, unit, about }: FigureFacts, reason: string): void {
  if (values.json) {
    console.log(JSON.stringify({ name, value: null, unit, low: null, high: null }));
    console.error(`${name} was skipped: ${reason}`);
  } else {
    console.log(`${name}  skipped: ${reason}\n  ${about}\n`);
  }
}

function verdict(measured: Measured): string {
  const { goal } = measured.figure;
  if (goal === null) return 'no goal';
  const wanted = 'atLeast' in goal ? `at least ${goal.atLeast}` : `at most ${goal.atMost}`;
  return `goal: ${wanted}, ${isMet(measured) ? 'met' : 'NOT MET'}`;
}

function rounded(value: number): number {
  return Number(value.toPrecision(3));
}
