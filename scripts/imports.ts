/**
 * Reads which file imports which.
 *
 * In:    source text as oxfmt leaves it. Out: its imports, with the line and what kind they are.
 * Holds: comments are not read; a statement begins at the start of a line, a dynamic import is `import('…')`.
 */
import { posix } from 'node:path';

export type Import = {
  /** As written: `../record/text.ts`, `node:fs`, `commander`. */
  readonly text: string;
  /** Path in the clone for relative imports, else null. */
  readonly path: string | null;
  readonly line: number;
  /** `import type` or `export type`: gone when the program runs. */
  readonly typeOnly: boolean;
  /** `import('…')` inside a body: loaded when it is reached. */
  readonly dynamic: boolean;
  /** `export … from '…'`. */
  readonly reexport: boolean;
  /** Names in braces, as the other file calls them. */
  readonly names: readonly string[];
};

const STATEMENT = /^(import|export)\s+(type\s+)?([^'";]*?)\s*from\s+['"]([^'"]+)['"]/gm;
const BARE = /^import\s+['"]([^'"]+)['"]/gm;
const DYNAMIC = /\bimport\(\s*['"]([^'"]+)['"]/g;

/** The same text with comments blanked, lines kept. */
function withoutComments(source: string): string {
  return source
    .replaceAll(/\/\*[\s\S]*?\*\//g, (comment) => comment.replaceAll(/[^\n]/g, ' '))
    .replaceAll(/(^|\s)\/\/.*$/gm, '$1');
}

/**
 * The imports of one file, in the order in which they stand.
 *
 * @param path    of the file in the clone
 * @param source  its text
 */
export function readImports(path: string, source: string): Import[] {
  const text = withoutComments(source);
  const lineAt = (index: number): number => text.slice(0, index).split('\n').length;
  const resolve = (specifier: string): string | null =>
    specifier.startsWith('.') ? posix.join(posix.dirname(path), specifier) : null;
  const found: Import[] = [];
  const add = (specifier: string, index: number, rest: Partial<Import>): void => {
    found.push({
      text: specifier,
      path: resolve(specifier),
      line: lineAt(index),
      typeOnly: false,
      dynamic: false,
      reexport: false,
      names: [],
      ...rest,
    });
  };
  for (const match of text.matchAll(STATEMENT)) {
    const braces = /\{([^}]*)\}/.exec(match[3]!)?.[1] ?? '';
    const parts = braces.split(',').flatMap((part) => part.trim().split('\n')[0] || []);
    const typesInside = parts.length > 0 && parts.every((part) => part.startsWith('type '));
    add(match[4]!, match.index, {
      typeOnly: match[2] !== undefined || (typesInside && match[3]!.trim().startsWith('{')),
      reexport: match[1] === 'export',
      names: parts.map((part) => part.replace(/^type /, '').split(/\s+as\s+/)[0]!),
    });
  }
  for (const match of text.matchAll(BARE)) add(match[1]!, match.index, {});
  for (const match of text.matchAll(DYNAMIC)) add(match[1]!, match.index, { dynamic: true });
  return found.toSorted((a, b) => a.line - b.line);
}

/** Every file's imports by its path. */
export type ImportGraph = ReadonlyMap<string, readonly Import[]>;

/** The graph of many files. */
export function importGraph(files: ReadonlyMap<string, string>): ImportGraph {
  return new Map([...files].map(([path, source]) => [path, readImports(path, source)]));
}
