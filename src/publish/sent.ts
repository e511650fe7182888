/**
 * What a destination that takes records has of a segment: a journal beside it, so that a restart goes on where it was.
 *
 * In:    a note before each attempt and after each answer. Out: where to go on, and what may be there twice.
 * Holds: a segment is always cut into the same batches, so a batch is a number. A note before an attempt is on disk before
 *        the attempt; an attempt without an answer that is made again counts its records as possible duplicates.
 * Fails: with errors of the disk. A last line that was cut is none.
 */
import { open, readFile } from 'node:fs/promises';
import { codeOf } from '../storage/object/file-errors.ts';

/** Where a segment's delivery stands. */
export type Sent = {
  /** Batches that are done. */
  readonly batches: number;
  /** Entries of the next batch that are still to be taken; null: all. */
  readonly left: readonly number[] | null;
  readonly refused: Readonly<Record<string, number>>;
  readonly possibleDuplicates: number;
};

/** `asked`: an attempt with so many records begins. `left`: the answer came, these entries of the batch are left. */
export type SentNote =
  | { readonly asked: number }
  | { readonly left: readonly number[] | null; readonly refused?: Readonly<Record<string, number>> };

export interface SentJournal {
  read(): Promise<Sent>;
  note(note: SentNote): Promise<void>;
}

/** The journal in a file, which is made with its first note. */
export function sentJournal(path: string): SentJournal {
  return {
    async read() {
      const text = await readFile(path, 'utf8').catch((error: unknown) => {
        if (codeOf(error) === 'ENOENT') return '';
        throw error;
      });
      return replay(text.slice(0, text.lastIndexOf('\n') + 1));
    },
    async note(note) {
      const file = await open(path, 'a');
      try {
        // On a line of its own, whatever a crash left of the one before.
        await file.writeFile(`\n${JSON.stringify(note)}\n`);
        if ('asked' in note) await file.sync();
      } finally {
        await file.close();
      }
    },
  };
}

function replay(text: string): Sent {
  let batches = 0;
  let left: readonly number[] | null = null;
  let asked = 0;
  let possibleDuplicates = 0;
  const refused: Record<string, number> = {};
  for (const line of text.split('\n')) {
    const note = noteIn(line);
    if (note === null) continue;
    if ('asked' in note) {
      possibleDuplicates += asked;
      asked = note.asked;
      continue;
    }
    asked = 0;
    for (const [cause, records] of Object.entries(note.refused ?? {})) refused[cause] = (refused[cause] ?? 0) + records;
    if (note.left?.length === 0) batches++;
    left = note.left?.length === 0 ? null : note.left;
  }
  return { batches, left, refused, possibleDuplicates };
}

/** Null for a line that a crash cut, and between lines. */
function noteIn(line: string): SentNote | null {
  try {
    return JSON.parse(line) as SentNote;
  } catch {
    return null;
  }
}
