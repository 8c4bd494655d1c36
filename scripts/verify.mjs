// Everything that must hold before a change lands. `node scripts/verify.mjs style types` runs some steps only.
// A failing step does not stop the others, so that one run shows all there is to repair.
import { spawnSync } from 'node:child_process';

const steps = [
  { name: 'style', script: 'check:style' },
  { name: 'architecture', script: 'check:architecture' },
  { name: 'types', script: 'check:types' },
  { name: 'tests', script: 'check:tests' },
  { name: 'build', script: 'build:run' },
  { name: 'packages', script: 'check:packages', needs: 'build' },
  { name: 'docs', script: 'docs:run' },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}.`,
  );
  process.exit(1);
}

const results = new Map();
for (const { name, script, needs } of steps) {
  if (wanted.length > 0 && !wanted.includes(name)) continue;
  if (results.get(needs)?.passed === false) {
    results.set(name, { passed: false, note: `not run: ${needs} failed` });
    continue;
  }
  console.log(`\n── ${name} ──`);
  const started = performance.now();
  const { status } = spawnSync('pnpm', ['--silent', 'run', script], {
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  results.set(name, { passed: status === 0, note: `${seconds} s` });
}

console.log('\n── summary ──');
for (const [name, { passed, note }] of results) {
  console.log(`${passed ? 'ok    ' : 'FAILED'}  ${name.padEnd(14)}${note}`);
}
const failed = [...results.values()].filter((result) => !result.passed).length;
console.log(`steps: ${results.size - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
