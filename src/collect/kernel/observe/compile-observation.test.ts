import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changesPackets, refusedLine } from '../../privileged/nft-script.ts';
import { emptyScript, markElement, flowKinds } from '../flow-sets.ts';
import { setNames } from '../read-generation.ts';
import { scriptOf } from '../ruleset.ts';
import { compileObservation, setsOf } from './compile-observation.ts';
import type { Hook } from './stages.ts';
import { pointsOf, stagesOf } from './stages.ts';

const ALL: readonly Hook[] = ['prerouting', 'input', 'forward', 'output', 'postrouting'];
const SIZES = { shards: 2, size: 1000 };

/** Every script that observation gives to nft, for a host with chains in these hooks. */
function scripts(hooks: readonly Hook[], nat: boolean): string[] {
  const stages = stagesOf({ pairs: new Set(hooks), nat });
  const [a, b] = (['a', 'b'] as const).map((active) => compileObservation(stages, nat, active, SIZES));
  const sets = pointsOf(stages).map((point) => setsOf(point, 'a', SIZES));
  return [
    scriptOf(a!, null),
    scriptOf(b!, a!),
    emptyScript(sets.flatMap(setNames)),
    flowKinds(2)
      .map((kind) => `${markElement(`il_${kind.name}_a_0`, kind)}\n`)
      .join(''),
  ];
}

test('no line of any script can drop or change a packet, and the privileged process takes each', () => {
  for (const hooks of [[], ...ALL.map((hook) => [hook]), ALL])
    for (const nat of [false, true])
      for (const line of scripts(hooks, nat).join('').split('\n')) {
        assert.equal(changesPackets(line), null);
        assert.equal(refusedLine(line), null);
        if (!line.startsWith('add rule ')) continue;
        const statements = line.split(' ').slice(5).join(' ');
        assert.doesNotMatch(
          statements,
          /\b(?:drop|reject|accept|queue|dup|fwd|log|notrack|tproxy|redirect|masquerade)\b/,
        );
        // The statement `set` gives a value; sets of ours are named behind an @.
        assert.doesNotMatch(statements, /\bset\b|\bmark\b|\bpriority\b/);
      }
});

test('what drops or changes a packet is found', () => {
  for (const rule of [
    'drop',
    'accept',
    'meta l4proto 6 drop',
    'meta mark set 0x1',
    'ct mark set 0x1',
    'ip daddr set 10.0.0.1',
    'tcp flags & (fin|syn) vmap { 0x1 : drop }',
    'meta mark 0x1 return',
  ]) {
    const line = `add rule inet flowgauge il_a ${rule}`;
    assert.equal(changesPackets(`add table inet flowgauge\n${line}\n`), line);
  }
  for (const line of [
    'add chain inet flowgauge h_x { type filter hook input priority 0; policy drop; }',
    'add chain inet flowgauge h_x { type route hook output priority 0; policy accept; }',
    'add map inet flowgauge m_x { type mark : verdict; }',
  ])
    assert.equal(changesPackets(line), line);
  for (const line of [
    'add rule inet flowgauge il_a dnat 10.0.0.1',
    'add rule inet flowgauge il_a ct status snat,dnat snat 10.0.0.1',
    'list ruleset',
    'list chains inet other',
  ])
    assert.equal(refusedLine(line), line);
});

test('a rule looks at connections only where addresses are translated', () => {
  const word = /\bct\b/;
  assert.doesNotMatch(scripts(ALL, false).join(''), word);
  assert.match(scripts(ALL, true).join(''), word);
});

test('pairs stand where chains of somebody else are, and nowhere else', () => {
  const names = (hooks: readonly Hook[]): string[] =>
    pointsOf(stagesOf({ pairs: new Set(hooks), nat: false })).map(({ name }) => name);
  assert.deepEqual(names([]), ['il', 'fl', 'xl']);
  assert.deepEqual(names(['input', 'output']), ['ie', 'il', 'fl', 'oe', 'ol', 'xl']);
  assert.deepEqual(names(ALL), ['pe', 'pl', 'ie', 'il', 'fe', 'fl', 'oe', 'ol', 'xe', 'xp', 'xl']);
});

test('a swap leaves sets and counters alone, with new pairs too', () => {
  const before = compileObservation(stagesOf({ pairs: new Set(), nat: false }), false, 'a', SIZES);
  const next = compileObservation(stagesOf({ pairs: new Set(ALL), nat: true }), true, 'b', SIZES);
  const script = scriptOf(next, before);
  assert.doesNotMatch(script, /^(?:delete|flush set)/m);
  assert.match(script, /^add rule inet flowgauge il_now jump il_b$/m);
  assert.match(script, /^add set inet flowgauge ie_tcp4_a_0 /m);
});
