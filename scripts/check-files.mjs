// Two rules about files that a dependency graph cannot see: none longer than 300 lines, none with a name that
// says nothing. `node scripts/check-files.mjs [folder]` checks that folder instead of the workspace.
import { globSync, readFileSync } from 'node:fs';
import { basename, dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const MAX_LINES = 300;
const EMPTY_NAME = /^(utils?|helpers?|common|types|interfaces?)$/i;
const IGNORED = new Set(['node_modules', 'dist', 'reference', '.git']);

const root = resolve(process.argv[2] ?? dirname(dirname(fileURLToPath(import.meta.url))));
const files = globSync(
  ['packages', 'examples', 'test', 'bench', 'docs', 'scripts'].map(
    (folder) => `${folder}/**/*.{ts,tsx,mts,mjs}`,
  ),
  { cwd: root, exclude: (entry) => IGNORED.has(basename(String(entry))) },
);

const problems = [];
for (const file of files.sort()) {
  const lines = readFileSync(join(root, file), 'utf8').replace(/\n$/, '').split('\n').length;
  if (lines > MAX_LINES)
    problems.push(`${file}: ${lines} lines; more than ${MAX_LINES} are two ideas, split them`);
  for (const part of file.split(sep)) {
    const name = part.split('.')[0];
    if (EMPTY_NAME.test(name)) problems.push(`${file}: "${name}" names nothing; call it after what it holds`);
  }
}

for (const problem of problems) console.error(problem);
console.log(`files: ${files.length} checked, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
