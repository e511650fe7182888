import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { failure } from '../model/errors.ts';
import { OPERATORS, conditionText, filterText, readCondition, readFilter } from './filter.ts';
import type { Filter, FilterCondition, FilterValue } from './filter.ts';
import { FILTER_FIELDS } from './filter-fields.ts';
import type { FilterField } from './filter-fields.ts';

function read(text: string, others: readonly string[] = []): Filter {
  const { filter, problem } = readFilter(text, others);
  assert.equal(problem, null, problem?.message);
  return filter;
}

test('conditions are read with their operators, lists and networks', () => {
  assert.deepEqual(read('action=REJECT,dstport=22|443 , srcaddr != 10.0.0.0/8,bytes>=1000'), [
    { field: 'action', operator: '=', values: ['REJECT'] },
    { field: 'dstport', operator: '=', values: ['22', '443'] },
    { field: 'srcaddr', operator: '!=', values: ['10.0.0.0/8'] },
    { field: 'bytes', operator: '>=', values: ['1000'] },
  ]);
  assert.deepEqual(read(''), []);
  assert.deepEqual(read('  '), []);
});

test('a value has one spelling', () => {
  const spelt = (text: string): string => filterText(read(text));
  assert.equal(spelt('DSTPORT=0443|443'), 'dstport=443');
  assert.equal(spelt('pkt_srcaddr=2001:DB8:0:0::1'), 'pkt-srcaddr=2001:db8::1');
  assert.equal(spelt('addr=2001:DB8::/032'), 'addr=2001:db8::/32');
  assert.equal(spelt('addr=::FFFF:10.0.0.1'), 'addr=::ffff:10.0.0.1');
  assert.equal(spelt('x-rule-id=-|sgr-1'), 'x-rule-id=-|sgr-1');
  assert.equal(spelt('instance-tag="a,b|c\\"d"'), 'instance-tag="a,b|c\\"d"');
  assert.equal(spelt('instance-tag="plain"'), 'instance-tag=plain');
  assert.equal(spelt('instance-tag="-"|-'), 'instance-tag="-"|-');
});

test('what only the header of a file names is text', () => {
  assert.deepEqual(read('new_thing=7', ['new_thing']), [{ field: 'new-thing', operator: '=', values: ['7'] }]);
});

const REFUSED: readonly (readonly [text: string, code: string, says: RegExp])[] = [
  ['dstprot=22', 'FG_FILTER_FIELD', /"dstprot"/],
  ['=22', 'FG_FILTER_SHAPE', /character 1, .*begins with the name/],
  ['action=REJECT,,bytes>1', 'FG_FILTER_SHAPE', /character 15/],
  ['action=REJECT,', 'FG_FILTER_SHAPE', /behind the comma/],
  ['action REJECT', 'FG_FILTER_SHAPE', /character 8, "REJECT": action wants one of = !=/],
  ['action=', 'FG_FILTER_SHAPE', /action wants a value/],
  ['dstport=22|', 'FG_FILTER_SHAPE', /dstport wants a value/],
  ['vpc-id="vpc', 'FG_FILTER_SHAPE', /no end/],
  ['vpc-id="a"b', 'FG_FILTER_SHAPE', /comma belongs/],
  ['dstport=ssh', 'FG_FILTER_VALUE', /dstport with "ssh".*whole number/],
  ['dstport=-1', 'FG_FILTER_VALUE', /"-1"/],
  ['bytes>=9999999999999999999', 'FG_FILTER_VALUE', /bytes/],
  ['srcaddr=10.0.0', 'FG_FILTER_VALUE', /"10\.0\.0".*an address or a network/],
  ['srcaddr=10.0.0.0/33', 'FG_FILTER_VALUE', /33/],
  ['srcaddr=010.0.0.1', 'FG_FILTER_VALUE', /010/],
  ['addr=fe80::1%eth0', 'FG_FILTER_VALUE', /eth0/],
  ['addr=2001:db8:::1', 'FG_FILTER_VALUE', /:::/],
  ['addr=2001:db8::/129', 'FG_FILTER_VALUE', /129/],
  ['srcaddr>10.0.0.1', 'FG_FILTER_OPERATOR', /srcaddr is an address/],
  ['action<REJECT', 'FG_FILTER_OPERATOR', /a text/],
  ['bytes>1|2', 'FG_FILTER_OPERATOR', /several/],
  ['bytes>-', 'FG_FILTER_OPERATOR', /absent/],
  ['port>1024', 'FG_FILTER_OPERATOR', /either port/],
];

test('what cannot be read is told by its place and the way out', () => {
  for (const [text, code, says] of REFUSED) {
    const { problem } = readFilter(text);
    assert.equal(problem?.code, code, text);
    assert.match(problem.message, says, text);
    // The catalogue says the same.
    const facts = problem.facts as Parameters<typeof failure<'FG_FILTER_FIELD'>> extends [unknown, ...infer F]
      ? F
      : never;
    assert.equal(failure(problem.code as 'FG_FILTER_FIELD', ...facts).message, problem.message);
  }
  assert.match(readFilter(`addr=${'1'.repeat(7000)}`).problem!.message, /6000/);
});

const octet = fc.integer({ min: 0, max: 255 });
const v4 = fc.tuple(octet, octet, octet, octet).map((parts) => parts.join('.'));
const v6 = fc.ipV6().filter((text) => !text.includes('.'));
const address = fc.oneof(v4, v6);
const network = fc.oneof(
  fc.tuple(v4, fc.integer({ min: 0, max: 32 })).map(([base, bits]) => `${base}/${bits}`),
  fc.tuple(v6, fc.integer({ min: 0, max: 128 })).map(([base, bits]) => `${base}/${bits}`),
);

function values({ kind }: FilterField): fc.Arbitrary<FilterValue> {
  const some: fc.Arbitrary<FilterValue> =
    kind === 'number'
      ? fc.bigInt({ min: 0n, max: 10n ** 18n - 1n }).map(String)
      : kind === 'address'
        ? fc.oneof(address, network)
        : fc.string({ unit: 'binary' });
  return fc.oneof({ weight: 9, arbitrary: some }, { weight: 1, arbitrary: fc.constant(null) });
}

const condition: fc.Arbitrary<FilterCondition> = fc.constantFrom(...FILTER_FIELDS).chain((field) =>
  fc
    .record({
      field: fc.constant(field.name),
      operator: fc.constantFrom(...OPERATORS),
      values: fc.uniqueArray(values(field), { minLength: 1, maxLength: 4 }),
    })
    .filter(
      ({ operator, values: given }) =>
        operator === '=' ||
        operator === '!=' ||
        (field.kind === 'number' && field.either.length === 0 && given.length === 1 && given[0] !== null),
    ),
);

test('a filter that is printed is read as the same filter, and is printed alike again', () => {
  fc.assert(
    fc.property(fc.array(condition, { maxLength: 6 }), (filter) => {
      const once = read(filterText(filter));
      assert.equal(once.length, filter.length);
      assert.deepEqual(read(filterText(once)), once);
      for (const [at, { field, operator, values: given }] of filter.entries()) {
        assert.equal(once[at]!.field, field);
        assert.equal(once[at]!.operator, operator);
        const { kind } = FILTER_FIELDS.find(({ name }) => name === field)!;
        // Addresses may come in another spelling.
        if (kind !== 'address') assert.deepEqual(once[at]!.values, given);
      }
    }),
  );
});

test('no text makes it throw', () => {
  const pieces = fc.array(
    fc.constantFrom('addr', 'bytes', '=', '!', '<', '>', '|', ',', '"', '\\', '-', ' ', '1', '::', '/8', 'é', '\0'),
    { maxLength: 30 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        pieces.map((parts) => parts.join('')),
      ),
      (text) => {
        const { filter, problem } = readFilter(text);
        if (problem === null) assert.deepEqual(read(filterText(filter)), filter);
      },
    ),
  );
});

test('a condition is made of typed parts', () => {
  const made = readCondition('instance-tag', '=', ['a,b', null]);
  assert.deepEqual(made.filter, [{ field: 'instance-tag', operator: '=', values: ['a,b', null] }]);
  assert.equal(conditionText(made.filter[0]!), 'instance-tag="a,b"|-');
  assert.equal(readCondition('dstport', '=', ['ssh']).problem?.code, 'FG_FILTER_VALUE');
});
