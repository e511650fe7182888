import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { filterText, readFilter } from '../../../src/api/filter.ts';
import { textOfTokens, tokensOf } from './filter-tokens.ts';

test('tokens are what the filter says, and say it again', () => {
  for (const text of ['action=REJECT,dstport=22|443', 'instance-tag="a,b"|-', 'bytes>=10,addr!=10.0.0.0/8', '']) {
    const tokens = tokensOf(readFilter(text).filter!);
    assert.deepEqual(textOfTokens(tokens, []), { text, problem: null });
  }
});

test('words without a field are an address, a port or a whole filter', () => {
  const typed = (value: string, operator = '=') => textOfTokens([{ operator, value }], []);
  assert.equal(typed('10.0.0.5').text, 'addr=10.0.0.5');
  assert.equal(typed('2001:db8::/32', '!=').text, 'addr!=2001:db8::/32');
  assert.equal(typed('443').text, 'port=443');
  assert.equal(typed('22|3389').text, 'port=22|3389');
  assert.equal(typed('action=REJECT,dstport=22').text, 'action=REJECT,dstport=22');
  assert.match(typed('something').problem!, /something/);
});

test('a value that is no list is taken as it is, and one that cannot be is told', () => {
  const token = (propertyKey: string, value: string) => [{ propertyKey, operator: '=', value }];
  assert.equal(textOfTokens(token('instance-tag', 'a,b'), []).text, 'instance-tag="a,b"');
  assert.match(textOfTokens(token('dstport', 'ssh'), []).problem!, /dstport.*ssh/);
  assert.equal(textOfTokens(token('protocol', '6,dstport=22'), []).text, 'protocol=6,dstport=22');
  const mixed = textOfTokens([...token('dstport', 'ssh'), ...token('action', 'REJECT')], []);
  assert.equal(mixed.text, 'action=REJECT');
});

test('nothing that is typed makes it throw, and what it gives can be read', () => {
  fc.assert(
    fc.property(fc.string(), fc.constantFrom('action', 'dstport', 'addr', undefined), (value, propertyKey) => {
      const token = propertyKey === undefined ? { operator: '=', value } : { propertyKey, operator: '=', value };
      const { text } = textOfTokens([token], []);
      assert.equal(filterText(readFilter(text).filter!), text);
    }),
  );
});
