/**
 * Routes of the screen *SQL*: what an editor offers, queries, exports.
 *
 * In:    SQL or a saved query, in the time of the address. Out: lines of JSON; files.
 * Holds: a read key may ask: SQL here only reads. A file is fetched by a link that is good once, for the key that asked for it, so
 *        that the browser writes it to the disk as it comes.
 * Fails: FG_REQUEST_BODY; as the query does.
 */
import { maxLength, nullable, object, picklist, pipe, record, string } from 'valibot';
import type { SqlExportTicket, SqlForm, SqlWords } from '../../../../api/sql.ts';
import { DUCKDB } from '../../../../query/dialect.ts';
import { ALL_FIELDS } from '../../../../query/held-fields.ts';
import { SAVED_QUERIES } from '../../../../query/saved/list.ts';
import { shortName } from '../../../../query/saved-query.ts';
import { columnName, FIELDS } from '../../../../record/fields/list.ts';
import { MACROS } from '../../../../storage/duck/macros.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRoute } from '../route.ts';
import { notFound, timeOf } from '../route.ts';

const LONGEST_SQL = 100_000;
const LONGEST_VALUE = 10_000;

const REQUEST = {
  sql: nullable(pipe(string(), maxLength(LONGEST_SQL))),
  saved: nullable(pipe(string(), maxLength(200))),
  parameters: record(pipe(string(), maxLength(200)), pipe(string(), maxLength(LONGEST_VALUE))),
};
const ASKED = object(REQUEST);
const EXPORT = object({ ...REQUEST, form: picklist(['csv', 'json', 'parquet']) });

const TYPES: Readonly<Record<SqlForm, string>> = {
  csv: 'text/csv; charset=utf-8',
  json: 'application/x-ndjson',
  parquet: 'application/vnd.apache.parquet',
};

/** Columns that no field is of. */
const TIMES: SqlWords['columns'] = [
  { name: 'start_time', type: 'TIMESTAMP', meaning: 'start, as a time in UTC' },
  { name: 'end_time', type: 'TIMESTAMP', meaning: 'end, as a time in UTC' },
];

export const sqlRoutes: readonly ConsoleRoute[] = [
  {
    method: 'GET',
    path: '/api/sql/words',
    role: 'read',
    handle: async (_, { sql }) => ({
      status: 200,
      json: {
        columns: [
          ...FIELDS.map(({ name, column, meaning }) => ({ name: columnName(name), type: column, meaning })),
          ...TIMES,
        ],
        functions: MACROS,
        saved: SAVED_QUERIES.map((query) => ({
          name: shortName(query.name),
          awsName: query.name === shortName(query.name) ? null : query.name,
          meaning: query.meaning,
          needsFields: query.needsFields,
          parameters: Object.entries(query.parameters).map(([name, parameter]) => ({ name, ...parameter })),
          sql: withoutIndent(query.sql(DUCKDB, ALL_FIELDS)),
        })),
        limits: sql.limits,
      } satisfies SqlWords,
    }),
  },
  {
    method: 'POST',
    path: '/api/sql',
    role: 'read',
    async handle(request, { sql, now }) {
      const asked = readBody(ASKED, request.body);
      const range = timeOf(request, now());
      return {
        status: 200,
        headers: { 'content-type': 'application/x-ndjson' },
        stream: sql.lines(asked, { keyId: request.who.keyId, range, signal: request.signal }),
      };
    },
  },
  {
    method: 'POST',
    path: '/api/sql/exports',
    role: 'read',
    async handle(request, { sql, now }) {
      const asked = readBody(EXPORT, request.body);
      const range = timeOf(request, now());
      const id = sql.addTicket({ keyId: request.who.keyId, range, request: asked });
      return { status: 200, json: { id } satisfies SqlExportTicket };
    },
  },
  {
    method: 'GET',
    path: '/api/sql/exports/:id',
    role: 'read',
    async handle({ id, who, signal }, { sql, now }) {
      const ticket = sql.takeTicket(id ?? '', who.keyId);
      if (ticket === null) throw notFound('such export; it was fetched already, or a minute has passed');
      const { form } = ticket.request;
      const stream = await sql.file(ticket.request, form, { keyId: who.keyId, range: ticket.range, signal });
      const day = new Date(now()).toISOString().slice(0, 19).replaceAll(':', '');
      const name = `${ticket.request.saved === null ? 'query' : shortName(ticket.request.saved)}-${day}Z.${form}`;
      const headers = {
        'content-type': TYPES[form],
        'content-disposition': `attachment; filename="${name.replaceAll(/[^\w.-]/g, '')}"`,
      };
      return { status: 200, headers, stream };
    },
  },
];

function withoutIndent(sql: string): string {
  const text = sql.replace(/^\n/, '').trimEnd();
  const [indent = ''] = /^ */.exec(text) ?? [];
  return text
    .split('\n')
    .map((line) => (line.startsWith(indent) ? line.slice(indent.length) : line))
    .join('\n');
}
