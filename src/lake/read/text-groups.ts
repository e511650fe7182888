/**
 * Text files by format.
 *
 * In:    parts whose bytes are text. Out: groups of files that have the same fields, each for a table of its own.
 * Holds: records of open windows are apart from the rest. Which format was taken for lack of a header is noted.
 * Fails: with the signal's reason; a file that is no flow log is given back as unread.
 */
import { columnName } from '../../record/fields/list.ts';
import type { PackedText } from './cache/packed-text.ts';
import { inLanes } from './lanes.ts';
import type { Note } from '../../api/note.ts';
import type { ColumnType, UnreadPart } from './parquet-files.ts';
import type { TablePart } from './source.ts';
import type { TextFile } from './text-file.ts';
import { openTextFile } from './text-file.ts';

/** Files whose first lines are read at one time. */
const LANES = 16;

/** A column of text files; `stored` is the file's name for it, capital letters kept. */
export type TextColumn = { readonly name: string; readonly type: ColumnType; readonly stored: string };
/** Files of one format, and the table that they are loaded into. */
export type TextGroup = {
  readonly table: string;
  readonly files: TextFile[];
  readonly columns: readonly TextColumn[];
  /** Records of windows that are still open. */
  readonly open: boolean;
};
/**
 * Looks at the first lines of text files; those that the cache has are not opened.
 *
 * @param unread  gets what is no flow log
 */
export async function surveyText(
  parts: readonly TablePart[],
  unread: UnreadPart[],
  signal: AbortSignal,
  packed: PackedText,
): Promise<TextGroup[]> {
  const opened: TextFile[] = [];
  await inLanes(LANES, parts, async (part, at) => {
    opened[at] = packed.file(part) ?? (await openTextFile(part, signal));
  });
  await packed.keepEmpty(opened);
  const groups = new Map<string, TextGroup>();
  for (const file of opened) {
    const { part, problem, isOther } = file;
    if (problem !== null) unread.push({ part, why: problem, isOther });
    if (file.format === null) continue;
    const { text, fields } = file.format;
    const columns = fields.map((field) => {
      const stored = columnName(field.name);
      return { name: stored.toLowerCase(), type: field.column, stored };
    });
    const open = file.part.open === true;
    const key = `${open} ${text}`;
    const group = groups.get(key) ?? { table: `text_${groups.size + 1}`, files: [], columns, open };
    groups.set(key, group);
    group.files.push(file);
  }
  return [...groups.values()];
}

/** Notes which formats were recognised. */
export function noteRecognised(groups: readonly TextGroup[], notes: Note[]): void {
  for (const { files } of groups) {
    const [first, ...more] = files.filter(({ headerless }) => headerless);
    if (first === undefined || first.format === null) continue;
    notes.push({ kind: 'no-header', file: first.part.ref.key, files: 1 + more.length, format: first.format.text });
  }
}
