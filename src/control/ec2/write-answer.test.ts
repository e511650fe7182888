import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ec2Answer, ec2Problem, escapeXml, stsAnswer, stsProblem } from './write-answer.ts';

const HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n';

test('an answer of EC2 has the elements of its shape in their order, and empty lists', () => {
  const answer = { Unsuccessful: [], FlowLogIds: ['fl-1', 'fl-2'], ClientToken: 'a&b' };
  assert.equal(
    ec2Answer('CreateFlowLogs', 'CreateFlowLogsResult', answer, 'r-1'),
    `${HEAD}<CreateFlowLogsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><clientToken>a&amp;b</clientToken><flowLogIdSet><item>fl-1</item><item>fl-2</item></flowLogIdSet><unsuccessful/></CreateFlowLogsResponse>`,
  );
  assert.equal(
    ec2Answer('CreateTags', 'unit', {}, 'r-1'),
    `${HEAD}<CreateTagsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/"><requestId>r-1</requestId><return>true</return></CreateTagsResponse>`,
  );
});

test('a time has milliseconds, booleans and numbers are as AWS writes them, what is absent is not there', () => {
  const log = {
    CreationTime: '2026-11-23T12:05:00Z',
    LogGroupName: undefined,
    DestinationOptions: { PerHourPartition: false },
    MaxAggregationInterval: 60,
    Tags: [],
  };
  assert.match(
    ec2Answer('DescribeFlowLogs', 'DescribeFlowLogsResult', { FlowLogs: [log] }, 'r'),
    /<flowLogSet><item><creationTime>2026-11-23T12:05:00\.000Z<\/creationTime><tagSet\/><maxAggregationInterval>60<\/maxAggregationInterval><destinationOptions><perHourPartition>false<\/perHourPartition><\/destinationOptions><\/item><\/flowLogSet>/,
  );
});

test('STS wraps its answer and its errors otherwise than EC2', () => {
  assert.equal(
    stsAnswer('GetCallerIdentity', 'GetCallerIdentityResponse', { Arn: 'a', UserId: 'u', Account: '1' }, 'r'),
    `${HEAD}<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult><UserId>u</UserId><Account>1</Account><Arn>a</Arn></GetCallerIdentityResult><ResponseMetadata><RequestId>r</RequestId></ResponseMetadata></GetCallerIdentityResponse>`,
  );
  const problem = { code: 'A.B', message: '<no>' };
  assert.equal(
    stsProblem(problem, 'r'),
    `${HEAD}<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>A.B</Code><Message>&lt;no&gt;</Message></Error><RequestId>r</RequestId></ErrorResponse>`,
  );
  assert.equal(
    ec2Problem(problem, 'r'),
    `${HEAD}<Response><Errors><Error><Code>A.B</Code><Message>&lt;no&gt;</Message></Error></Errors><RequestID>r</RequestID></Response>`,
  );
});

test('what XML cannot hold is left out', () => {
  assert.equal(escapeXml('a\u0000b\u001b\ud800c\uffff\t\n\r😀"'), 'abc\t\n&#xD;😀&quot;');
});

test('a thing that is used in two shapes is written in each', () => {
  const one = Object.freeze({ Key: 'k', Value: 'v', ResourceId: 'r' });
  assert.match(ec2Answer('DescribeTags', 'DescribeTagsResult', { Tags: [one] }, 'r'), /<resourceId>r</);
  assert.match(ec2Answer('X', 'FlowLog', { Tags: [one] }, 'r'), /<tagSet><item><key>k<\/key><value>v<\/value><\/item>/);
});
