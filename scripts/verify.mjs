// Everything that must hold before a change lands. `node scripts/verify.mjs style types` runs some steps only.
// A failing step does not stop the others, so that one run shows all there is to repair.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { relative } from 'node:path';

const TEST_RESULTS = 'node_modules/.cache/test-results.json';

const steps = [
  { name: 'style', script: 'check:style' },
  { name: 'architecture', script: 'check:architecture' },
  { name: 'types', script: 'check:types' },
  { name: 'build', script: 'build:run' },
  { name: 'packages', script: 'check:packages', needs: 'build' },
  { name: 'docs', script: 'docs:run' },
  // Last, so that whoever sees only the end of it sees which tests failed.
  { name: 'tests', script: 'check:tests' },
];

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !steps.some((step) => step.name === name));
if (unknown.length > 0) {
  console.error(
    `No such step: ${unknown.join(', ')}. There are: ${steps.map((step) => step.name).join(', ')}.`,
  );
  process.exit(1);
}

rmSync(TEST_RESULTS, { force: true });
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
if (results.get('tests')?.passed === false) for (const line of failedTests()) console.log(line);
const failed = [...results.values()].filter((result) => !result.passed).length;
console.log(`steps: ${results.size - failed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** Named again, a line each, below what each of them printed. */
function failedTests() {
  if (!existsSync(TEST_RESULTS)) return [];
  const { testResults } = JSON.parse(readFileSync(TEST_RESULTS, 'utf8'));
  return testResults
    .filter(({ status }) => status === 'failed')
    .flatMap(({ name, message, assertionResults }) => {
      const file = relative(process.cwd(), name);
      const tests = assertionResults.filter(({ status }) => status === 'failed');
      if (tests.length === 0) return [`${file}: ${firstLine(message)}`];
      return tests.map((test) => `${file}: ${test.fullName}: ${firstLine(test.failureMessages[0])}`);
    });
}

function firstLine(text = '') {
  return text.split('\n')[0].slice(0, 300);
}
