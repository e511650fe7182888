import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { test } from 'node:test';
import { ATHENA, DUCKDB, TRINO } from '../dialect.ts';
import { ALL_FIELDS, heldFields } from '../held-fields.ts';
import { readParameter } from '../parameter.ts';
import { columnName, fieldNamed, FIELDS } from '../../record/fields/list.ts';
import { shortName } from '../saved-query.ts';
import { SAVED_QUERIES } from './list.ts';

/** The sixteen of AWS's integration template. */
const OF_AWS =
  `AcceptedTraffic AdminPortTraffic IPv4Traffic IPv6Traffic RejectedTCPTraffic RejectedTraffic SshRdpTraffic TopTalkers
  TopTalkersPacketLevel TopTalkingInstances TopTalkingSubnets TopTCPTraffic TotalBytesTransferred
  TotalBytesTransferredPacketLevel TrafficFrmSrcAddr TrafficToDstAddr`
    .split(/\s+/)
    .map((name) => `VpcFlowLogs${name}`);

test('lists every file of the folder, by its short name', () => {
  const files = readdirSync(new URL('.', import.meta.url))
    .filter((file) => file !== 'list.ts' && !file.endsWith('.test.ts'))
    .map((file) => file.replace(/\.ts$/, ''));
  assert.deepEqual(
    SAVED_QUERIES.map((query) => shortName(query.name)),
    files.sort(),
  );
});

test("has AWS's sixteen by their names", () => {
  const names = SAVED_QUERIES.map((query) => query.name);
  assert.deepEqual(
    OF_AWS.filter((name) => !names.includes(name)),
    [],
  );
});

test('has every other query by the name of its file, with a meaning that is one line', () => {
  assert.ok(SAVED_QUERIES.length >= 40);
  for (const query of SAVED_QUERIES) {
    assert.match(query.name, /^(VpcFlowLogs[A-Za-z0-9]+|[a-z]+(-[a-z]+)*)$/);
    assert.match(query.meaning, /^\S[^\n]*[^.\s]$/);
    const fields = [...query.needsFields, ...Object.keys(query.instead ?? {})];
    for (const field of fields) assert.ok(fieldNamed(field), `${query.name}: ${field}`);
    assert.equal(new Set(fields).size, fields.length, query.name);
  }
});

test('names in each query every parameter that it takes and no other, and no default is refused', () => {
  for (const query of SAVED_QUERIES) {
    const used = new Set([...query.sql(DUCKDB, ALL_FIELDS).matchAll(/\$(\w+)/g)].map((match) => match[1]));
    assert.deepEqual(used, new Set(Object.keys(query.parameters)), query.name);
    for (const [name, parameter] of Object.entries(query.parameters)) {
      if (parameter.default !== null) readParameter(name, parameter, parameter.default);
    }
  }
});

test('names in each query every column that it needs, and no other', () => {
  const columns = FIELDS.map((field) => columnName(field.name));
  for (const query of SAVED_QUERIES) {
    const named = (holding: (column: string) => number): Set<string> => {
      // Of words that are both, `start` and `end` stand as times; texts and names of answers are no columns.
      const sql = query
        .sql(DUCKDB, heldFields({ files: 2, holding }))
        .replaceAll(/'[^']*'|\bCASE\b|\bEND\b|\bAS \w+/g, ' ')
        .replaceAll(/\b(start|end)_time\b/g, '$1');
      return new Set(columns.filter((column) => new RegExp(`\\b${column}\\b`).test(sql)));
    };
    const needed = query.needsFields.map(columnName);
    const helpful = Object.keys(query.instead ?? {}).map(columnName);
    // Held by all files, by some, and, as far as they are not needed, by none.
    for (const column of named(() => 2)) assert.ok([...needed, ...helpful].includes(column), query.name);
    assert.deepEqual(
      named(() => 1),
      new Set(columns.filter((column) => [...needed, ...helpful].includes(column))),
      query.name,
    );
    assert.deepEqual(
      named((column) => (helpful.includes(column) ? 0 : 1)),
      new Set(columns.filter((column) => needed.includes(column))),
      query.name,
    );
  }
});

test('gives 50 rows, 10 where the question is about admin ports, and all where rows are spans of time', () => {
  const whole = /^VpcFlowLogsIPv|over-time$|^daily-|^flow-lengths$|^bytes-between$/;
  for (const query of SAVED_QUERIES) {
    const rows = query.parameters['limit']?.default;
    if (whole.test(query.name)) assert.equal(rows, undefined, query.name);
    else assert.equal(rows, query.name.includes('AdminPort') ? '10' : '50', query.name);
    assert.equal(/ORDER BY[^()]*$/.test(query.sql(DUCKDB, ALL_FIELDS)), !/IPv[46]/.test(query.name), query.name);
  }
});

test('says the same to other engines, in nothing that only DuckDB reads', () => {
  const only =
    /::|\/\/|\b(list_\w+|string_split|array_to_string|make_timestamp|epoch_us|cidr_contains|is_(private|public)|\w+_name\(|(start|end)_time (AS|<|>|,)|FILTER \(WHERE [^)]*\(|QUALIFY|EXCLUDE|GROUP BY ALL|COLUMNS)\b/;
  for (const dialect of [ATHENA, TRINO]) {
    for (const query of SAVED_QUERIES) {
      for (const held of [ALL_FIELDS, heldFields({ files: 2, holding: () => 1 })]) {
        const sql = query.sql(dialect, held);
        assert.doesNotMatch(sql.replaceAll(/'[^']*'/g, "''"), only, query.name);
        const used = new Set([...sql.matchAll(/\$([a-z]+)\b/g)].map((match) => match[1]));
        assert.deepEqual(used, new Set(Object.keys(query.parameters)), query.name);
        assert.equal(sql.split('(').length, sql.split(')').length, query.name);
      }
    }
  }
});
