import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allFields, DEFAULT_FORMAT, parseLogFormat } from '../record/format.ts';
import { formatCapabilities } from './format-capability.ts';
import { SAVED_QUERIES } from './saved/list.ts';

const of = (names: readonly string[], query: string) =>
  formatCapabilities(names).find((capability) => capability.query === query);

test('tells of every saved query, and what a format lacks for it', () => {
  const names = parseLogFormat(DEFAULT_FORMAT).fields.map(({ name }) => name);
  assert.equal(formatCapabilities(names).length, SAVED_QUERIES.length);
  assert.equal(of(names, 'top-talkers')?.can, 'yes');
  const subnets = of(names, 'top-talking-subnets');
  assert.deepEqual([subnets?.can, subnets?.missing], ['no', ['subnet-id']]);
});

test('tells what is done instead of a field that is not there', () => {
  const names = parseLogFormat(DEFAULT_FORMAT).fields.map(({ name }) => name);
  const inferred = of(names, 'unanswered');
  assert.equal(inferred?.can, 'inferred');
  assert.match(inferred?.instead['tcp-flags'] ?? '', /higher port/u);
});

test('all fields answer all', () => {
  const names = allFields().fields.map(({ name }) => name);
  assert.deepEqual(
    formatCapabilities(names).filter(({ can }) => can !== 'yes'),
    [],
  );
});
