/**
 * The file of saved views in a data directory.
 *
 * In:    a directory. Out: views by name; one put or taken away.
 * Holds: the file is replaced whole. One that somebody made unreadable counts as none, and is not written over.
 * Fails: FG_VIEWS_FILE, FG_VIEWS_MANY; with the system's error where it cannot be written.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { array, maxLength, number, object, pipe, safeParse, string } from 'valibot';
import type { SavedView } from '../../../api/views.ts';
import { failure } from '../../../model/errors.ts';
import { codeOf } from '../../../storage/object/file-errors.ts';

const NAME = 'views.json';
const MOST = 200;

const short = pipe(string(), maxLength(200));
/** What somebody may save. */
export const VIEW_BODY = object({
  filter: pipe(string(), maxLength(6000)),
  by: pipe(array(short), maxLength(4)),
  measure: short,
  columns: pipe(array(short), maxLength(80)),
});
const FILE = object({
  views: array(object({ ...VIEW_BODY.entries, name: short, savedSeconds: number(), savedBy: short })),
});

/** All, by name. */
export function readViews(directory: string): readonly SavedView[] {
  const path = join(directory, NAME);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return [];
    throw error;
  }
  try {
    const read = safeParse(FILE, JSON.parse(text));
    if (read.success) return read.output.views;
  } catch {
    // Said below.
  }
  throw failure('FG_VIEWS_FILE', path);
}

/** Puts one in the place of the one of its name. */
export function putView(directory: string, view: SavedView): void {
  const others = readViews(directory).filter(({ name }) => name !== view.name);
  if (others.length >= MOST) throw failure('FG_VIEWS_MANY', MOST);
  write(
    directory,
    [...others, view].toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** Takes one away; false where there is none. */
export function removeView(directory: string, name: string): boolean {
  const views = readViews(directory);
  const left = views.filter((view) => view.name !== name);
  if (left.length === views.length) return false;
  write(directory, left);
  return true;
}

function write(directory: string, views: readonly SavedView[]): void {
  const path = join(directory, NAME);
  writeFileSync(`${path}.new`, `${JSON.stringify({ views }, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${path}.new`, path);
}
