/**
 * Finds the files of the clone.
 *
 * In:    a root folder. Out: paths relative to it, with `/`, sorted.
 * Holds: what git ignores (the folders below) is never listed; links are not followed.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';

/** Same names as in .gitignore; a folder of these names is skipped anywhere. */
const IGNORED = new Set([
  '.git',
  'node_modules',
  'build',
  'flowgauge-data',
  'coverage',
  '.cache',
  '__pycache__',
  'dist',
]);

/** The clone that this script lies in. */
export const ROOT = join(import.meta.dirname, '..');

/** Every file under `root`, as `src/model/batch.ts`. */
export function listFiles(root: string): string[] {
  const found: string[] = [];
  const walk = (folder: string): void => {
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      if (IGNORED.has(entry.name)) continue;
      const path = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) walk(path);
      else if (entry.isFile()) found.push(path);
    }
  };
  walk('');
  return found.toSorted();
}
