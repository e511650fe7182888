import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFilter } from '../../../../src/api/filter.ts';
import type { TopologyAnswer, TopologyBox, TopologyEdge } from '../../../../src/api/topology.ts';
import { boxFilter, boxSumsIn, edgeFilter, edgesOf, sumsByWindow, sumsIn } from './values.ts';

const sums = (bytes: number): TopologyEdge['there'] => ({ bytes, packets: bytes / 10, flows: 1, rejects: 0 });
const box = (id: string, parent: string | null, more: Partial<TopologyBox> = {}): TopologyBox => ({
  id,
  parent,
  kind: 'interface',
  label: id,
  detail: null,
  resourceId: id,
  interfaces: 1,
  stands: 0,
  sums: sums(100),
  filter: `interface-id=${id}`,
  addresses: [],
  ...more,
});
const EDGE: TopologyEdge = {
  a: 'eni-1',
  b: 'internet',
  there: sums(60),
  back: sums(40),
  recorded: sums(100),
  via: [],
  pairs: 1,
  series: [
    [0, 70, 7, 1, 0],
    [2, 30, 3, 1, 1],
  ],
};
const BOXES = [
  box('eni-1', 'subnet-1', { addresses: ['10.0.0.5'] }),
  box('subnet-1', 'vpc-1', { kind: 'subnet', filter: 'subnet-id=subnet-1', addresses: ['10.0.0.0/24'] }),
  box('vpc-1', null, { kind: 'vpc', filter: 'vpc-id=vpc-1' }),
  box('internet', null, { kind: 'internet', filter: null }),
];
const ANSWER = { boxes: BOXES, edges: [EDGE], windows: [0, 60, 120] } as unknown as TopologyAnswer;

test('an edge has the sums of the range, of a window, or none', () => {
  assert.equal(sumsIn(EDGE, -1).bytes, 100);
  assert.deepEqual(
    [0, 1, 2].map((window) => sumsIn(EDGE, window).bytes),
    [70, 0, 30],
  );
  assert.deepEqual(
    sumsByWindow(ANSWER).map(({ bytes, rejects }) => [bytes, rejects]),
    [
      [70, 0],
      [0, 0],
      [30, 1],
    ],
  );
});

test('a box has the edges of all that lies in it', () => {
  assert.deepEqual(edgesOf('vpc-1', ANSWER), [EDGE]);
  assert.deepEqual(edgesOf('eni-2', ANSWER), []);
  assert.deepEqual(
    [2, 1, -1].map((window) => boxSumsIn(ANSWER, window).get('vpc-1')?.bytes),
    [30, undefined, 100].map((bytes, i) => (i === 1 ? 0 : bytes)),
  );
});

test('filters lead to the records behind, with the filter that is set, and can be read', () => {
  const [eni, subnet, vpc, internet] = BOXES as [TopologyBox, TopologyBox, TopologyBox, TopologyBox];
  const made = [
    boxFilter(eni, 'action=REJECT'),
    boxFilter(subnet, ''),
    boxFilter(vpc, ''),
    edgeFilter(eni, internet, 'dstport=443'),
    edgeFilter(eni, subnet, ''),
    edgeFilter(subnet, subnet, ''),
    edgeFilter(eni, { ...internet, kind: 'aws-service', label: 'S3', resourceId: null }, ''),
  ];
  assert.deepEqual(made, [
    'action=REJECT,interface-id=eni-1',
    'addr=10.0.0.0/24',
    'vpc-id=vpc-1',
    'dstport=443,addr=10.0.0.5',
    'addr=10.0.0.5,addr=10.0.0.0/24',
    'srcaddr=10.0.0.0/24,dstaddr=10.0.0.0/24',
    'addr=10.0.0.5,pkt-dst-aws-service=S3',
  ]);
  for (const text of made) assert.equal(readFilter(text ?? '').problem, null, text ?? '');
  assert.equal(boxFilter(internet, ''), null);
  assert.equal(edgeFilter(vpc, internet, ''), null);
});
