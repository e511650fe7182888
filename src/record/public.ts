/**
 * The door `flowgauge/record`: fields, log formats, record text as columns and back. Nothing in it touches a file or
 * the network; docs/code.md shows how it is used.
 */
export { FIELDS, columnName, fieldNamed } from './fields/list.ts';
export type { Field } from './fields/field.ts';
export {
  DEFAULT_FORMAT,
  allFields,
  formatText,
  headerLine,
  isHeader,
  parseLogFormat,
  readHeader,
  transitGatewayFields,
} from './format.ts';
export type { LogFormat } from './format.ts';
export { createParser } from './parse.ts';
export type { ParserOptions, RecordParser } from './parse.ts';
export type { BadLine } from '../api/note.ts';
export type { RecordColumn, RecordColumns } from './columns.ts';
export { valuesOf } from './values.ts';
export type { RecordValue } from './values.ts';
export { printColumns } from './print-columns.ts';
export { createTextBlock } from './text-block.ts';
export type { TextBlock } from './text-block.ts';
export { decodeTag, encodeTag } from './tags.ts';
export { FlowgaugeError } from '../model/errors.ts';
