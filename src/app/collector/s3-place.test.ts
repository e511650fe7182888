import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readS3Place, stateDirectory } from './s3-place.ts';

test('names bucket and prefix, however many slashes stand between', () => {
  const arn = 'arn:aws:s3:us-east-1:123456789012:accesspoint/logs';
  const cases: readonly [string, string, string][] = [
    ['s3://logs', 'logs', ''],
    ['s3://logs/', 'logs', ''],
    ['s3://logs/team/a', 'logs', 'team/a/'],
    ['s3://logs//team/a//', 'logs', 'team/a/'],
    [`s3://${arn}/x`, arn, 'x/'],
  ];
  for (const [place, bucket, below] of cases) assert.deepEqual(readS3Place(place), { bucket, below });
  for (const place of ['s3://', 's3:///x', 'logs']) assert.throws(() => readS3Place(place), { code: 'FG_S3_PLACE' });
});

test('gives each place a spool of its own, the same every time', () => {
  const before = process.env['XDG_STATE_HOME'];
  process.env['XDG_STATE_HOME'] = '/state';
  assert.match(stateDirectory('s3://logs/'), /^\/state\/flowgauge\/capture\/[0-9a-f]{16}\/spool$/);
  assert.equal(stateDirectory('s3://logs/'), stateDirectory('s3://logs/'));
  assert.notEqual(stateDirectory('s3://logs/'), stateDirectory('s3://logs/a/'));
  if (before === undefined) delete process.env['XDG_STATE_HOME'];
  else process.env['XDG_STATE_HOME'] = before;
});
