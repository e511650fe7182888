import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exampleLines } from './example-lines.ts';
import { allFields, DEFAULT_FORMAT, headerLine, parseLogFormat } from './format.ts';

test('shows an accepted request, a rejected one and a window without traffic in the default format', () => {
  assert.deepEqual(exampleLines(parseLogFormat(DEFAULT_FORMAT)), [
    '2 123456789010 eni-1235b8ca123456789 172.31.16.139 172.31.16.21 20641 443 6 20 4249 1734149160 1734149217 ACCEPT OK',
    '2 123456789010 eni-1235b8ca123456789 203.0.113.12 172.31.16.21 49761 3389 6 1 60 1734149160 1734149160 REJECT OK',
    '2 123456789010 eni-1235b8ca123456789 - - - - - - - 1734149160 1734149219 - NODATA',
  ]);
});

test('has a value in each line for each field of its header', () => {
  for (const version of [3, 5, 8, 11]) {
    const format = allFields(version);
    const names = headerLine(format).split(' ').length;
    for (const line of exampleLines(format)) assert.equal(line.split(' ').length, names);
  }
});

test('tells of a flow what its network knows: subnet, zone, instance, task, tags', () => {
  const names = 'vpc-id subnet-id az-id instance-id ecs-service-name instance-tag interface-tag flow-direction';
  const [line] = exampleLines(parseLogFormat(names));
  assert.equal(line, 'vpc-abcdefab012345678 subnet-aaaaaaaa012345678 use1-az1 i-01234567890123456 web web web ingress');
});
