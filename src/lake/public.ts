/**
 * The door `flowgauge/lake`: where flow logs lie, which objects hold records of a range of time, and their text.
 * docs/code.md shows how it is used.
 */
export { openSource } from './read/open-source.ts';
export type { SourceOptions } from './read/open-source.ts';
export { ALL_TIME } from './read/source.ts';
export type { TablePart, TableSource, TimeRange } from './read/source.ts';
export { flowLogFile } from './read/bucket.ts';
export type { FlowLogFile } from './read/bucket.ts';
export { openTextFile } from './read/text-file.ts';
export type { TextFile } from './read/text-file.ts';
export type { Note } from '../api/note.ts';
export { FlowgaugeError } from '../model/errors.ts';
