/**
 * Makes the WebAssembly of each `*-loops.ts` beside it, as `*-loops.generated.ts`.
 *
 * In:    the clone. Out: the generated files; `loopFiles` says which, and `generatedOf` what is in one, for the test.
 */
import { readdirSync, writeFileSync } from 'node:fs';
import { assemble } from '../src/record/assemble.ts';
import { compileLoops } from './compile-loops.ts';

const SRC = new URL('../src/', import.meta.url);

/** The files with loops. */
export function loopFiles(): URL[] {
  const names = readdirSync(SRC, { recursive: true, encoding: 'utf8' });
  return names
    .filter((name) => name.endsWith('-loops.ts'))
    .sort()
    .map((name) => new URL(name, SRC));
}

/** Where the module of a file is kept. */
export function generatedPath(file: URL): URL {
  return new URL(file.href.replace(/\.ts$/, '.generated.ts'));
}

/** What the generated file of a file is. */
export async function generatedOf(file: URL): Promise<string> {
  const name = file.pathname.split('/').at(-1)!;
  const code = Buffer.from(assemble(await compileLoops(file))).toString('base64');
  const constant = `${name.replace('.ts', '').replaceAll('-', '_').toUpperCase()}_CODE`;
  return `// Made by scripts/make-loops.ts from ${name}; do not edit.\nexport const ${constant} =\n  '${code}';\n`;
}

if (import.meta.main) for (const file of loopFiles()) writeFileSync(generatedPath(file), await generatedOf(file));
