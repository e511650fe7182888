/**
 * Refuses an answer that would lack something.
 *
 * In:    the notes of what was read. Out: nothing.
 * Holds: what was assumed, passed over because it is no flow log, or is missing in a format, lacks nothing.
 * Fails: FG_STRICT, which names the first file and line; the others are counted.
 */
import type { Note } from '../api/note.ts';
import { failure } from '../model/errors.ts';
import type { BadLine } from '../api/note.ts';

const WHY: Readonly<Record<BadLine['cause'], (field: string | null) => string>> = {
  'field-count': (field) =>
    field === null ? 'it has another number of fields than the header' : `it breaks at ${field}`,
  'not-a-number': (field) => `its ${field} is no number`,
  'too-large': (field) => `its ${field} is too large`,
  'not-text': (field) => `its ${field} is no UTF-8 text`,
  'too-long': () => 'it is longer than any record',
};

/** Throws unless every line, value and file could be read. */
export function refuseUnread(notes: readonly Note[]): void {
  let first: readonly [place: string, why: string] | null = null;
  let count = 0;
  for (const note of notes) {
    const told = whatIsUnread(note);
    if (told === null) continue;
    first ??= [told.place, told.why];
    count += told.count;
  }
  if (first !== null) throw failure('FG_STRICT', ...first, count - 1);
}

function whatIsUnread(note: Note): { readonly place: string; readonly why: string; readonly count: number } | null {
  switch (note.kind) {
    case 'bad-lines': {
      const { line, cause, field } = note.first;
      return {
        place: `${note.file}, line ${line}`,
        why: WHY[cause](field),
        count: note.count,
      };
    }
    case 'bad-values':
      return { place: note.file, why: `a value of ${note.column} is no number`, count: note.count };
    case 'unreadable':
      return { place: note.file, why: note.why, count: 1 };
    case 'denied':
      return { place: note.file, why: note.why, count: note.folders };
    case 'archived':
      return { place: note.file, why: `it lies in an archive (${note.storageClass})`, count: note.files };
    case 'lake-apart':
      return { place: note.file, why: note.why, count: 1 };
    case 'retired':
      return { place: note.file, why: 'retention took its records away', count: note.files };
    case 'not-searched':
      return { place: note.file, why: 'nobody looked into it', count: note.folders };
    default:
      return null;
  }
}
