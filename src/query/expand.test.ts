import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TRINO } from './dialect.ts';
import { expandSql, withTable } from './expand.ts';

const expand = (sql: string, parameters: Record<string, string | bigint> = {}): string =>
  expandSql(sql, TRINO, parameters, 'the SQL');

test('writes a value as one literal, whatever it holds, and leaves texts, names and comments alone', () => {
  assert.equal(
    expand(`SELECT '$a' AS "$a" /* $a */ -- $a\nFROM t WHERE x = $a AND n < $n`, { a: "o'$n) --", n: 22n }),
    `SELECT '$a' AS "$a" /* $a */ -- $a\nFROM t WHERE x = 'o''$n) --' AND n < 22`,
  );
});

test('writes out macros, whatever their case, blanks and nesting, and no word that is none', () => {
  assert.equal(
    expand('SELECT Protocol_Name (\n protocol ), my_port_name(1), port_name FROM t'),
    `SELECT ${TRINO.protocolName('protocol')}, my_port_name(1), port_name FROM t`,
  );
  assert.equal(
    expand('SELECT port_name(least(srcport, /* , */ dstport)) FROM t'),
    `SELECT ${TRINO.portName('(least(srcport,   dstport))')} FROM t`,
  );
  assert.equal(
    expand('SELECT is_public(coalesce(a, $x)) FROM t', { x: '1.2.3.4' }),
    `SELECT (${TRINO.isPublic("(coalesce(a, '1.2.3.4'))")}) FROM t`,
  );
  assert.throws(() => expand('SELECT port_name(1, 2) FROM t'), {
    code: 'FG_QUERY_SQL',
    message: /takes 1 values, not 2/,
  });
  assert.throws(() => expand('SELECT port_name(1'), { code: 'FG_QUERY_SQL', message: /not closed/ });
});

test('a value that is missing, or that stands nowhere, is named', () => {
  assert.throws(() => expand('SELECT $a'), { code: 'FG_PARAMETER_MISSING', message: /"a"/ });
  assert.throws(() => expand("SELECT '$b', $a", { a: 1n, b: 1n }), { code: 'FG_PARAMETER_UNKNOWN', message: /"b"/ });
});

test('lets one statement through that reads', () => {
  assert.equal(expand(' -- why\n (SELECT 1) ; -- done'), '-- why\n (SELECT 1)');
  assert.equal(expand("VALUES ';'"), "VALUES ';'");
  for (const [sql, why] of [
    ['', /no SQL/],
    ['DROP TABLE t', /begins with "DROP"/],
    ['/* */ insert INTO t SELECT 1', /begins with "insert"/],
    ['SELECT 1; DELETE FROM t', /several statements/],
    ['CALL system.x()', /begins with "CALL"/],
    ['SELECT 1 \0', /NUL/],
  ] as const)
    assert.throws(() => expand(sql), { code: 'FG_QUERY_REFUSED', message: why }, sql);
  assert.throws(() => expand("SELECT 'a"), { code: 'FG_QUERY_SQL', message: /not closed/ });
  assert.throws(() => expand('SELECT 1 /* a'), { code: 'FG_QUERY_SQL', message: /not closed/ });
});

test('puts the table before what the statement calls its own', () => {
  assert.equal(withTable('SELECT 1', 'flow_logs', 'X'), 'WITH flow_logs AS (\nX\n)\nSELECT 1');
  assert.equal(withTable('-- a\nwith b AS (SELECT 1) SELECT 2', 'flow_logs', 'X'), 'WITH flow_logs AS (\nX\n), b AS (SELECT 1) SELECT 2'); // prettier-ignore
  assert.equal(withTable('WITH RECURSIVE b AS (SELECT 1) SELECT 2', 'f', 'X'), 'WITH RECURSIVE f AS (\nX\n), b AS (SELECT 1) SELECT 2'); // prettier-ignore
});
