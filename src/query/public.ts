/**
 * The door `flowgauge/query`: SQL and saved queries over flow logs, wherever they lie. docs/code.md shows how it is used.
 */
export { ask, askIntoParquet, coverageAt } from './ask.ts';
export type { AskOptions } from './ask.ts';
export type { Answer, AnswerColumn, AnswerStats, Cell } from './engine.ts';
export { SAVED_QUERIES } from './saved/list.ts';
export { shortName } from './saved-query.ts';
export type { SavedQuery } from './saved-query.ts';
export type { Parameter } from './parameter.ts';
export type { Note } from '../api/note.ts';
export { FlowgaugeError } from '../model/errors.ts';
