/**
 * What a question would read, as rows.
 *
 * In:    a plan and its notes. Out: an answer: what, of which form and storage class, how many, how many bytes.
 * Holds: what may not be read or listed is counted beside what would be read. Requests are a least number: what is tried
 *        again comes on top.
 */
import type { Note } from '../api/note.ts';
import type { Planned } from '../lake/read/planned.ts';
import type { Answer, Cell } from '../query/engine.ts';

const COLUMNS: Answer['columns'] = [
  { name: 'what', type: 'VARCHAR', unit: null },
  { name: 'form', type: 'VARCHAR', unit: null },
  { name: 'storage_class', type: 'VARCHAR', unit: null },
  { name: 'count', type: 'BIGINT', unit: null },
  { name: 'bytes', type: 'BIGINT', unit: 'bytes' },
];

/** The plan as an answer that can be printed in any form. */
export function planAnswer(
  { objects, bytes, requests, groups }: Planned,
  notes: readonly Note[],
): Pick<Answer, 'columns' | 'rows'> {
  const rows: Cell[][] = groups.map((group) => ['to read', group.kind, group.storageClass, group.objects, group.bytes]);
  rows.push(['all to read', null, null, objects, bytes]);
  if (requests > 0) rows.push(['GET requests', null, null, requests, null]);
  for (const note of notes) {
    if (note.kind === 'archived') rows.push(['archived', null, note.storageClass, note.files, note.bytes]);
    if (note.kind === 'denied') rows.push(['folders not allowed', null, null, note.folders, null]);
    if (note.kind === 'not-searched') rows.push(['folders not searched', null, null, note.folders, null]);
  }
  async function* batches(): AsyncGenerator<Cell[][]> {
    yield rows;
  }
  return { columns: COLUMNS, rows: batches() };
}
