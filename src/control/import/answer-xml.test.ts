import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ACTIONS } from '../ec2/actions/list.ts';
import { structureOf } from '../ec2/shapes.fixture.ts';
import { operationShapes } from '../ec2/shapes.ts';
import { ec2Answer } from '../ec2/write-answer.ts';
import { accountIn, parseXml, readAnswer, readProblem } from './answer-xml.ts';

test('an answer of EC2 has the members that aws-cli prints, with their types', () => {
  const text = `<?xml version="1.0" encoding="UTF-8"?>
<DescribeVpcsResponse xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">
  <requestId>r</requestId>
  <vpcSet><item><vpcId>vpc-1</vpcId><isDefault>true</isDefault><!-- none --><cidrBlock>10.0.0.0/16</cidrBlock>
    <unheardOf>x</unheardOf><newSet><item><deep>1</deep></item></newSet><tagSet/>
    <cidrBlockAssociationSet><item><cidrBlockState><state>associated</state></cidrBlockState></item></cidrBlockAssociationSet>
  </item><item><vpcId>vpc-2</vpcId><tagSet><item><key>Name</key><value>a &lt;b&gt; &amp; &#x41;&#66;</value></item></tagSet></item></vpcSet>
  <nextToken>more</nextToken></DescribeVpcsResponse>`;
  assert.deepEqual(readAnswer('ec2.DescribeVpcs', text), {
    Vpcs: [
      {
        VpcId: 'vpc-1',
        IsDefault: true,
        CidrBlock: '10.0.0.0/16',
        Tags: [],
        CidrBlockAssociationSet: [{ CidrBlockState: { State: 'associated' } }],
        // No shape has them: they are kept, and the model names them.
        UnheardOf: 'x',
        NewSet: [{ Deep: '1' }],
      },
      { VpcId: 'vpc-2', Tags: [{ Key: 'Name', Value: 'a <b> & AB' }] },
    ],
    NextToken: 'more',
  });
});

test('an answer of the plain Query protocol is unwrapped', () => {
  const text = `<DescribeAutoScalingGroupsResponse><DescribeAutoScalingGroupsResult><AutoScalingGroups><member>
    <AutoScalingGroupName>web</AutoScalingGroupName><MinSize>1</MinSize></member></AutoScalingGroups>
    </DescribeAutoScalingGroupsResult></DescribeAutoScalingGroupsResponse>`;
  assert.deepEqual(readAnswer('autoscaling.DescribeAutoScalingGroups', text), {
    AutoScalingGroups: [{ AutoScalingGroupName: 'web', MinSize: 1 }],
  });
});

test('errors and accounts are found wherever they are wrapped', () => {
  const ec2 =
    '<Response><Errors><Error><Code>UnauthorizedOperation</Code><Message>no</Message></Error></Errors></Response>';
  const query = '<ErrorResponse xmlns="x"><Error><Type>Sender</Type><Code>Throttling</Code></Error></ErrorResponse>';
  assert.deepEqual(readProblem(ec2), { code: 'UnauthorizedOperation', message: 'no' });
  assert.deepEqual(readProblem(query), { code: 'Throttling', message: '' });
  assert.equal(readProblem('<html><p>bad gateway</html>'), null);
  assert.equal(readProblem('<ok/>'), null);
  assert.equal(
    accountIn('<A><GetCallerIdentityResult><Account>123456789012</Account></GetCallerIdentityResult></A>'),
    '123456789012',
  );
});

test('what is no XML is refused with its place', () => {
  assert.throws(() => parseXml('<a><b></a>'), /"a" ends at character 6, where "b" is open/);
  assert.throws(() => parseXml('<a><b>'), /"b" does not end/);
  assert.throws(() => parseXml('plain'), /no element/);
  assert.throws(() => parseXml('<a>1 < 2</a>'), SyntaxError);
});

test('any text comes through, and no bytes break the reader', () => {
  const escaped = (text: string): string => text.replace(/[<>&"']/g, (letter) => `&#${letter.codePointAt(0)};`);
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      assert.equal(parseXml(`<a><b>${escaped(text)}</b></a>`).children[0]?.text, text);
    }),
  );
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom('<', '>', '/', '&', ';', 'a', '!--', '--', '?', '[CDATA[', ']]', '#x')),
      (pieces) => {
        try {
          parseXml(pieces.join(''));
        } catch (error) {
          assert.ok(error instanceof SyntaxError);
        }
      },
    ),
    { numRuns: 500 },
  );
});

test('whatever the control API answers is read as it was', () => {
  for (const { name, service } of ACTIONS) {
    const { answer: shape } = operationShapes(name);
    if (service !== 'ec2' || shape === 'unit') continue;
    fc.assert(
      fc.property(structureOf(shape), (answer) => {
        assert.deepEqual(readAnswer(`ec2.${name}`, ec2Answer(name, shape, answer, 'r')), answer);
        const frozen = Object.freeze(structuredClone(answer));
        for (const twice of [1, 2])
          assert.equal(ec2Answer(name, shape, frozen, 'r'), ec2Answer(name, shape, answer, 'r'), `${twice}`);
      }),
      { numRuns: 20 },
    );
  }
});
