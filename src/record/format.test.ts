import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { FIELDS, INTERFACE_FIELDS } from './fields/list.ts';
import {
  DEFAULT_FORMAT,
  allFields,
  formatText,
  headerLine,
  isHeader,
  parseLogFormat,
  readHeader,
  transitGatewayFields,
} from './format.ts';

const namesOf = (format: { fields: readonly { name: string }[] }): string[] => format.fields.map((field) => field.name);

test('the table has every field once: 42 of interfaces up to version 10, 54 up to 11', () => {
  assert.equal(new Set(FIELDS.map((field) => field.name)).size, FIELDS.length);
  assert.equal(allFields(10).fields.length, 42);
  assert.equal(allFields(11).fields.length, 54);
  assert.equal(allFields(11).version, 11);
  assert.deepEqual(
    INTERFACE_FIELDS.map((field) => field.version).filter((version) => version === 1 || version === 6),
    [],
  );
  assert.equal(transitGatewayFields().version, 6);
  assert.equal(transitGatewayFields().fields.length, 36);
});

test('the default format is version 2 and AWS’s text', () => {
  const format = parseLogFormat(DEFAULT_FORMAT);
  assert.equal(format.version, 2);
  assert.equal(format.text, DEFAULT_FORMAT);
  assert.equal(
    headerLine(format),
    'version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status',
  );
});

test('the alphabetical order is the one of consoles', () => {
  const upTo5 = namesOf(allFields(5, 'alphabetical')).join(' ');
  assert.equal(
    upTo5,
    'account-id action az-id bytes dstaddr dstport end flow-direction instance-id interface-id log-status packets ' +
      'pkt-dst-aws-service pkt-dstaddr pkt-src-aws-service pkt-srcaddr protocol region srcaddr srcport start ' +
      'sublocation-id sublocation-type subnet-id tcp-flags traffic-path type version vpc-id',
  );
});

test('any fields in any order are a format, whose version is the highest of theirs', () => {
  fc.assert(
    fc.property(fc.shuffledSubarray([...INTERFACE_FIELDS], { minLength: 1 }), (fields) => {
      const names = fields.map((field) => field.name);
      const format = parseLogFormat(formatText(names));
      assert.deepEqual(namesOf(format), names);
      assert.equal(format.version, Math.max(2, ...fields.map((field) => field.version)));
      assert.deepEqual(parseLogFormat(headerLine(format)), format);
      assert.deepEqual(readHeader(headerLine(format)), format);
      assert.deepEqual(readHeader(`${headerLine(format).replaceAll('-', '_')}\r\n`), format);
    }),
  );
});

test('extension fields do not raise the version', () => {
  assert.equal(parseLogFormat('${srcaddr} ${x-rule-id} ${x-verdict-stage}').version, 2);
  assert.equal(parseLogFormat('${x-rule-id}').version, 2);
});

for (const [text, code, why] of [
  ['', 'FG_FORMAT_EMPTY', 'nothing'],
  [' ', 'FG_FORMAT_EMPTY', 'a space'],
  ['${version} ', 'FG_FORMAT_SHAPE', 'a trailing space'],
  [' ${version}', 'FG_FORMAT_SHAPE', 'a leading space'],
  ['${version}  ${start}', 'FG_FORMAT_SHAPE', 'two spaces'],
  ['${version},${start}', 'FG_FORMAT_SHAPE', 'a comma'],
  ['${version} start', 'FG_FORMAT_SHAPE', 'a bare name among others'],
  ['${version', 'FG_FORMAT_SHAPE', 'an open brace'],
  ['${}', 'FG_FORMAT_SHAPE', 'no name'],
  ['$version', 'FG_FORMAT_SHAPE', 'no braces'],
  ['${srcaddr} ${nope}', 'FG_FIELD_UNKNOWN', 'an unknown field'],
  ['${pkt_srcaddr}', 'FG_FIELD_UNKNOWN', 'a column in place of a field'],
  ['${start} ${end} ${start}', 'FG_FIELD_TWICE', 'a field twice'],
  ['${tgw-id} ${action}', 'FG_FORMAT_MIXED', 'action in a transit gateway format'],
  ['${tgw-id} ${x-rule-id}', 'FG_FORMAT_MIXED', 'an extension field in a transit gateway format'],
] as const) {
  test(`a format with ${why} is refused with ${code}`, () => {
    assert.throws(() => parseLogFormat(text), { code });
  });
}

test('the error of a misshapen format says at which character', () => {
  assert.throws(() => parseLogFormat('${version} ${start} '), /at character 21/);
});

test('a header keeps fields that nobody knows under their own name', () => {
  const format = readHeader('srcaddr my_field Other-One pkt_dstaddr');
  assert.deepEqual(namesOf(format), ['srcaddr', 'my_field', 'Other-One', 'pkt-dstaddr']);
  assert.deepEqual(
    format.fields.map((field) => field.known),
    [true, false, false, true],
  );
  assert.equal(format.version, 3);
});

test('a header with a field twice, or as field and column, is refused', () => {
  assert.throws(() => readHeader('start end start'), { code: 'FG_FIELD_TWICE' });
  assert.throws(() => readHeader('my-field my_field'), { code: 'FG_FIELD_TWICE' });
  assert.throws(() => readHeader('start "end"'), { code: 'FG_FORMAT_SHAPE' });
  assert.throws(() => readHeader('\n'), { code: 'FG_FORMAT_EMPTY' });
});

test('a header is told from a record', () => {
  assert.equal(isHeader('version account-id\n'), true);
  assert.equal(isHeader('log_status'), true);
  assert.equal(isHeader('2 123456789010 eni-1235b8ca123456789 - - - - - - - 1431280876 1431280934 - NODATA'), false);
  assert.equal(isHeader('- eni-1235b8ca123456789 10.0.1.5 10.0.0.220 10.0.1.5 203.0.113.5'), false);
  assert.equal(isHeader('ACCEPT OK'), false);
});
