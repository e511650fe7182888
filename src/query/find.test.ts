import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FlowgaugeError } from '../model/errors.ts';
import { DUCKDB } from './dialect.ts';
import { findSaved, isName } from './find.ts';
import { bind } from './saved-query.ts';

test("finds a saved query by AWS's name and by its short one, whatever the case", () => {
  for (const name of ['VpcFlowLogsTopTCPTraffic', 'vpcflowlogstoptcptraffic', 'top-tcp-traffic', 'TOP-TCP-TRAFFIC']) {
    assert.equal(findSaved(name).name, 'VpcFlowLogsTopTCPTraffic');
  }
});

test('names near ones when it finds none', () => {
  assert.throws(() => findSaved('top-talker'), /did you mean top-talkers/);
  assert.throws(() => findSaved('VpcFlowLogsTopTalker'), /did you mean top-talkers/);
  assert.throws(
    () => findSaved('rejected'),
    /did you mean rejected-by-port or rejected-traffic or rejected-by-source\?/,
  );
  assert.throws(() => findSaved('rejectd-traffic'), /did you mean rejected-traffic/);
  assert.throws(() => findSaved('qqqqqqqqqqqqqqqq'), /^(?!.*did you mean)/);
});

test('tells a name from SQL', () => {
  for (const name of ['top-talkers', 'VpcFlowLogsTopTalkers', 'nonsense']) assert.equal(isName(name), true);
  for (const sql of ['SELECT 1', 'FROM flow_logs', 'select(1)', 'top talkers']) assert.equal(isName(sql), false);
});

test('binds parameters by type, with defaults', () => {
  const { parameters, sql } = bind(findSaved('traffic-to-dst-addr'), DUCKDB, { address: ' 2001:DB8::1 ' });
  assert.deepEqual(parameters, { address: '2001:db8::1', limit: 50n });
  assert.match(sql, /dstaddr = \$address/);
  assert.deepEqual(bind(findSaved('admin-port-traffic'), DUCKDB, { ports: '22, 8443', limit: '3' }).parameters, {
    ports: '22,8443',
    limit: 3n,
  });
});

test('refuses parameters that are missing, unknown or of the wrong type', () => {
  const code = (given: Record<string, string>): string => {
    try {
      bind(findSaved('top-tcp-traffic'), DUCKDB, given);
      return 'bound';
    } catch (error) {
      assert.ok(error instanceof FlowgaugeError);
      assert.equal(error.owner, 'command-line');
      return error.code;
    }
  };
  assert.equal(code({}), 'FG_PARAMETER_MISSING');
  assert.equal(code({ adress: '10.0.0.1' }), 'FG_PARAMETER_UNKNOWN');
  assert.equal(code({ address: '10.0.0' }), 'FG_PARAMETER_VALUE');
  assert.equal(code({ address: '10.0.0.1', limit: '-1' }), 'FG_PARAMETER_VALUE');
  assert.equal(code({ address: '10.0.0.1', limit: '5' }), 'bound');
});
