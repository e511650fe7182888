import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../model/errors.ts';
import type { ParameterType } from './parameter.ts';
import { ANY_PORT, readParameter } from './parameter.ts';

function read(type: ParameterType, text: string, initial: string | null = null): string | bigint {
  return readParameter('name', { type, meaning: 'a value', default: initial }, text);
}

/** What is bound for each text; null: it is refused. */
const VALUES: Readonly<Record<ParameterType, Readonly<Record<string, string | bigint | null>>>> = {
  address: {
    ' 10.0.1.5 ': '10.0.1.5',
    '2001:DB8:0:0::1': '2001:db8::1',
    '::ffff:10.0.0.1': '::ffff:10.0.0.1',
    '10.0.1': null,
    '10.0.1.5/32': null,
    'fe80::1%eth0': null,
    "10.0.0.1' OR 1=1": null,
  },
  network: {
    '10.0.0.0/8': '10.0.0.0/8',
    '10.1.2.3': '10.1.2.3/32',
    '2001:DB8::/32': '2001:db8::/32',
    '::1': '::1/128',
    '10.0.0.0/33': null,
    '10.0.0.0/8/8': null,
    '10.0.0.0/': null,
    any: null,
  },
  count: { '50': 50n, '0': 0n, '-1': null, '1e3': null, '': null },
  port: { '22': 22n, '65535': 65_535n, '65536': null, ssh: null, any: null },
  ports: {
    '22, 3389': '22,3389',
    '8000-8002,1': '8000,8001,8002,1',
    '9-1': null,
    '1-2-3': null,
    '': null,
    '70000': null,
  },
  duration: { '90s': 90n, '5m': 300n, '1h': 3600n, '2d': 172_800n, '0h': null, '5': null, '1w': null },
  instant: {
    '2026-11-23': 1_795_392_000n,
    '2026-11-23T12:05Z': 1_795_435_500n,
    '2026-11-23T12:05:00Z': 1_795_435_500n,
    '2026-11-31': null,
    '2026-11-23T24:05Z': null,
    '2026-11-23T12:05:00': null,
    yesterday: null,
  },
  hour: { '0': 0n, '23': 23n, '24': 24n, '25': null, '6am': null },
};

for (const [type, values] of Object.entries(VALUES)) {
  test(`reads a parameter of type ${type}, and says what would do where it cannot`, () => {
    for (const [text, value] of Object.entries(values)) {
      if (value !== null) {
        assert.equal(read(type as ParameterType, text), value, text);
        continue;
      }
      assert.throws(
        () => read(type as ParameterType, text),
        (error) =>
          error instanceof FlowgaugeError &&
          error.code === 'FG_PARAMETER_VALUE' &&
          error.message.includes('such as') === (type !== 'hour'),
        text,
      );
    }
  });
}

test('takes "any" only where that is the default', () => {
  assert.equal(read('port', 'any', 'any'), ANY_PORT);
  assert.equal(read('network', 'ANY', 'any'), 'any');
  assert.throws(() => read('port', 'any', '443'), { code: 'FG_PARAMETER_VALUE' });
  assert.throws(() => read('port', 'all', 'any'), /a port, such as 22, or any/);
});
