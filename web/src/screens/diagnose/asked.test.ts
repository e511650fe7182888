import assert from 'node:assert/strict';
import { test } from 'node:test';
import { faultsOf, requestOf, secondsOf } from './asked.ts';
import type { EndsForm } from './asked.ts';

const FORM: EndsForm = { source: 'eni-a', destination: '10.0.1.5', protocol: 'tcp', port: '443', sport: '', at: '' };

test('what is typed becomes a request, with nothing that was not said', () => {
  assert.deepEqual(requestOf(FORM), {
    from: 'eni-a',
    to: '10.0.1.5',
    protocol: 'tcp',
    port: 443,
    sourcePorts: null,
    at: null,
    evidence: true,
  });
  const { port, sourcePorts, at } = requestOf({
    ...FORM,
    port: '',
    destination: '[2001:db8::1]:443',
    sport: '1024-65535',
    at: '2026-11-23 12:05',
  })!;
  assert.deepEqual([port, sourcePorts, at], [null, [1024, 65535], 1_795_435_500]);
});

test('what cannot be asked is named by its field', () => {
  const fields = (changed: Partial<EndsForm>): string[] => Object.keys(faultsOf({ ...FORM, ...changed }));
  assert.deepEqual(fields({}), []);
  assert.deepEqual(fields({ source: ' ', destination: '' }), ['source', 'destination']);
  assert.deepEqual(fields({ port: '' }), ['port']);
  assert.deepEqual(fields({ port: '65536' }), ['port']);
  assert.deepEqual(fields({ protocol: 'icmp' }), ['port'], 'it has none');
  assert.deepEqual(fields({ protocol: 'icmp', port: '' }), []);
  assert.deepEqual(fields({ protocol: 'http' }), ['protocol', 'port']);
  assert.deepEqual(fields({ protocol: '47', port: '' }), []);
  assert.deepEqual(fields({ sport: '5-4' }), ['sport']);
  assert.deepEqual(fields({ at: 'yesterday' }), ['at']);
  assert.equal(requestOf({ ...FORM, port: '' }), null);
});

test('a time is UTC, whatever zone the browser is in, or seconds since 1970', () => {
  assert.deepEqual(
    ['2026-11-23 12:05:00', '2026-11-23T12:05Z', '1795435500', '2026-11-23', '2026-02-31', 'now'].map(secondsOf),
    [1_795_435_500, 1_795_435_500, 1_795_435_500, 1_795_392_000, null, null],
  );
});
