/**
 * Words for notes about reading, and for notes about a change.
 *
 * In:    notes of `src/api/note.ts` and `src/api/change.ts`. Out: a sentence each.
 * Holds: every kind has words, and the type says so. What was left out is said with its number.
 */
import type { ChangeNote } from '../../../src/api/change.ts';
import type { Note } from '../../../src/api/note.ts';
import { bytesText, countText, manyText, timeTextUtc } from '../format.ts';

/** A note as a sentence. */
export function noteText(note: Note): string {
  switch (note.kind) {
    case 'bad-lines':
      return `${manyText(note.count, 'line was', 'lines were')} left out of ${note.file}: no records of its format. The first is line ${countText(note.first.line)}.`;
    case 'bad-values':
      return `${note.file}: ${manyText(note.count, 'value')} of ${note.column} could not be read as numbers and count as absent.`;
    case 'no-header':
      return `${manyText(note.files, 'file')} without a header line, such as ${note.file}, were read with the format ${note.format}.`;
    case 'unreadable':
      return `${note.file} was not read to its end, and the answer lacks what is there: ${note.why}.`;
    case 'stray':
      return note.files === 1
        ? `One file is no flow log object and was passed over: ${note.file}.`
        : `${manyText(note.files, 'file')} are no flow log objects and were passed over, such as ${note.file}.`;
    case 'field-missing':
      return `${note.files === note.of ? 'No file has' : `${countText(note.files)} of ${manyText(note.of, 'file has', 'files have')} no`} ${note.field}; ${note.instead === null ? 'their records lack what depends on it' : `in its place: ${note.instead}`}.`;
    case 'unknown-field':
      return `${note.file} has a field ${note.field} that no version defines; it was kept as text.`;
    case 'denied':
      return `${manyText(note.folders, 'folder')} may not be listed, such as ${note.file}, and the answer lacks what is there: ${note.why}.`;
    case 'archived':
      return `${manyText(note.files, 'object lies', 'objects lie')} in an archive (${note.storageClass}, ${bytesText(note.bytes)}), such as ${note.file}: the answer lacks them.`;
    case 'region':
      return `${note.file} lies in ${note.to}, not in ${note.from}; it was read there.`;
    case 'no-times':
      return `${manyText(note.files, 'file has', 'files have')} neither start nor end, such as ${note.file}: all their records are in the answer, of whatever time.`;
    case 'none-in-range':
      return `No record lies in this time range. The newest ended at ${timeTextUtc(note.newestSeconds)}.`;
    case 'open-windows':
      return `The answer lacks the capture windows that are still open: ${note.why}.`;
    case 'cache-off':
      return `What was read is not kept for the next question: ${note.why}.`;
    case 'cache-damaged':
      return `A file of the cache was damaged and its objects were read anew: ${note.why}.`;
    case 'lake-apart':
      return `The lake was made of objects at ${note.file}, which cannot be read (${note.why}): those that are not compacted yet are missing here.`;
    case 'retired':
      return `${manyText(note.records, 'record')} from ${timeTextUtc(note.firstSeconds)} to ${timeTextUtc(note.lastSeconds)} ${note.records === 1 ? 'was' : 'were'} removed by retention: the answer lacks those of the time range. Sums of whole hours or days may still be there.`;
    case 'not-searched':
      return `${manyText(note.folders, 'folder was', 'folders were')} not looked into, such as ${note.file}: there were too many.`;
  }
}

/** What of a change was left out, as a sentence. */
export function changeNoteText(note: ChangeNote): string {
  switch (note.kind) {
    case 'not-in-model':
      return `Step ${note.step + 1} has no effect: the network does not have ${note.what}.`;
    case 'resource-left-out':
      return `Left out of the plan: ${note.address}. A ${note.type} is no part of a replay.`;
    case 'value-unknown':
      return `Left out of the plan: ${note.address}. Its ${note.attribute} is known only after the plan is applied.`;
  }
}
