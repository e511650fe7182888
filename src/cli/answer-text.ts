/**
 * Notes of an answer, for people.
 *
 * In:    notes. Out: a sentence for each. Fails: never.
 */
import type { Note } from '../api/note.ts';
import { DEFAULT_FORMAT } from '../record/format.ts';
import { isoOf } from '../lake/read/time-range.ts';

/** A sentence for each note; fields that the same files lack are one. */
export function noteTexts(notes: readonly Note[]): readonly string[] {
  const isMissing = (note: Note): note is FieldMissing => note.kind === 'field-missing';
  const byFiles = Map.groupBy(notes.filter(isMissing), ({ files, of }) => `${files} of ${of}`);
  return notes.flatMap((note) => {
    if (!isMissing(note)) return [noteText(note)];
    const alike = byFiles.get(`${note.files} of ${note.of}`)!;
    if (alike.length === 1) return [noteText(note)];
    return note === alike[0] ? [missingText(alike)] : [];
  });
}

type FieldMissing = Note & { readonly kind: 'field-missing' };

function missingText(alike: readonly FieldMissing[]): string {
  const [{ files, of }] = alike as readonly [FieldMissing];
  const fields = alike.map(({ field, instead }) => `${field} (${instead ?? 'what depends on it is lacking'})`);
  return `${whoLacks(files, of)} ${fields.join(', ')}`;
}

function whoLacks(files: number, of: number): string {
  return files === of ? 'no file has' : `${files} of ${of} files have no`;
}

/** A sentence about what was left out, taken for something, or found broken. */
export function noteText(note: Note): string {
  switch (note.kind) {
    case 'bad-lines': {
      const { line, cause, field } = note.first;
      const lines = note.count === 1 ? 'one line was' : `${note.count} lines were`;
      const which = note.count === 1 ? `line ${line}` : `the first is line ${line}`;
      return `${lines} left out of ${note.file}: ${which}, ${BAD_LINE[cause](field)}`;
    }
    case 'bad-values':
      return `${note.file}: ${note.count === 1 ? 'one value' : `${note.count} values`} of ${note.column} ${note.count === 1 ? 'is no number and is' : 'are no numbers and are'} NULL here`;
    case 'no-header':
      return `${note.file}${note.files === 1 ? ' has' : ` and ${note.files - 1} more have`} no header line: read as ${formatName(note.format)}`;
    case 'unreadable':
      return `${note.file} was not read to its end, and the answer lacks what is there: ${note.why}`;
    case 'stray':
      return `${note.files === 1 ? 'one file is' : `${note.files} files are`} no flow log object and passed over, ${note.files === 1 ? '' : 'such as '}${note.file}`;
    case 'field-missing': {
      const then = note.instead ?? 'their records lack what depends on it';
      return `${whoLacks(note.files, note.of)} ${note.field}: ${then}`;
    }
    case 'unknown-field':
      return `${note.file} has the field ${note.field}, which no version defines: kept as text`;
    case 'denied':
      return `${note.folders === 1 ? 'one folder' : `${note.folders} folders`} may not be listed, and the answer lacks what is there, ${note.folders === 1 ? '' : 'such as '}${note.file}: ${note.why}`;
    case 'archived':
      return `${note.files === 1 ? 'one object lies' : `${note.files} objects lie`} in an archive (${note.storageClass}, ${(note.bytes / 1e6).toFixed(1)} MB) and the answer lacks ${note.files === 1 ? 'it' : 'them, such as'} ${note.file}: \`flowgauge lifecycle restore\` brings a range back`;
    case 'no-times':
      return `${note.file}${note.files === 1 ? ' has' : ` and ${note.files - 1} more have`} neither start nor end: all ${note.files === 1 ? 'its' : 'their'} records are in the answer, of whatever time`;
    case 'none-in-range':
      return `no record lies in the time that was asked for; the newest ended at ${isoOf(note.newestSeconds)}`;
    case 'open-windows':
      return `the answer lacks the windows that are still open: ${note.why}`;
    case 'region':
      return `${note.file} lies in ${note.to}, not in ${note.from}; give --region ${note.to} to save the detour`;
    case 'cache-off':
      return `not all that was read is kept for the next question, in ${note.file}: ${note.why}`;
    case 'cache-damaged':
      return `${note.file} of the cache was damaged (${note.why}): it was removed, and what it held was read anew`;
    case 'lake-apart':
      return `the lake was made of objects at ${note.file}, which cannot be read: ${note.why}; the answer lacks those that are not compacted yet`;
    case 'retired':
      return `${note.records} records from ${isoOf(note.firstSeconds)} to ${isoOf(note.lastSeconds)} were removed by retention, and the answer lacks those of the time that was asked for; sums of whole hours or days may still be there`;
    case 'not-searched':
      return `${note.folders === 1 ? 'one folder was' : `${note.folders} folders were`} not looked into, for there are too many above AWSLogs/, such as ${note.file}: name the one you mean`;
  }
}

/** A format that was recognised, in words. */
function formatName(format: string): string {
  if (format === DEFAULT_FORMAT) return "AWS's default format";
  const names = format.replaceAll(/[${}]/g, '').split(' ');
  return `${names.slice(0, 3).join(' ')} … ${names.at(-1)}, ${names.length} fields in an order that AWS writes; --format says another`;
}

const BAD_LINE: Readonly<Record<(Note & { kind: 'bad-lines' })['first']['cause'], (field: string | null) => string>> = {
  'field-count': (field) =>
    field === null ? 'which has another number of fields than the header' : `which breaks at ${field}`,
  'not-a-number': (field) => `whose ${field} is no number`,
  'too-large': (field) => `whose ${field} is too large`,
  'not-text': (field) => `whose ${field} is no UTF-8 text`,
  'too-long': () => 'which is longer than any record',
};
