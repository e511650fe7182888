import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { HOST, inA, network, outA, seen } from './told-network.ts';
import type { RuleWords } from './told-network.ts';
import type { Scene, Told } from './told-packets.ts';
import { createScene } from './told-packets.ts';

const rules: RuleWords[] = [
  ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.0/24'],
  ['sgr-2', 'sg-a', 'out', 'udp', 53, 53, '198.51.100.0/24'],
];
const ask: Told = { at: 1000, src: '10.0.1.5:5000', dst: `${HOST}:53` };
const answer = (at: number): Told => ({ at, src: `${HOST}:53`, dst: '10.0.1.5:5000' });
/** Packets that touch nothing else and take the capture's time to an instant. */
const until = (scene: Scene, ...instants: number[]): void => {
  scene.see(...instants.map((at): Told => ({ at, src: '203.0.113.1:1', dst: '203.0.113.2:1' })));
};
const accepted = /ACCEPT/;
const rejected = /REJECT sg-/;

describe('a late packet', () => {
  it('finds what lived at its own time, until the capture is an hour past the end', () => {
    const scene = createScene(network(rules));
    scene.see(ask);
    until(scene, 2000, 4630);
    assert.match(seen(scene, answer(1030)), accepted);
    const late = createScene(network(rules));
    late.see(ask);
    until(late, 2000, 4630.1);
    assert.match(seen(late, answer(1030)), rejected);
  });

  it('finds that its connection was closed, until the capture is an hour past 600 s after it', () => {
    for (const [instant, said] of [
      [5210, /REJECT closed/],
      [5210.1, rejected],
    ] as const) {
      const scene = createScene(network(rules));
      scene.see(inA(1000, 22), outA(1000, 22), inA(1000, 22, 'R'));
      until(scene, 2000, 4000, instant);
      assert.match(seen(scene, outA(1600, 22, 'A')), said);
    }
  });

  it('is judged alike when the table was swept in between', () => {
    const scene = createScene(network(rules));
    scene.see(ask);
    until(scene, 2000, 4630);
    for (let port = 1; port <= 9000; port++) scene.see({ at: 4630, src: `10.0.1.5:${port}`, dst: '198.51.100.9:53' });
    assert.match(seen(scene, answer(1030)), accepted);
  });
});

describe('a time stamp far ahead', () => {
  it('ends no connection, 16 that agree do', () => {
    const scene = createScene(network(rules));
    until(scene, 500);
    scene.see(ask);
    until(scene, ...Array.from({ length: 15 }, () => 1e6));
    assert.match(seen(scene, answer(1010)), accepted);
    until(scene, ...Array.from({ length: 16 }, () => 1e6));
    assert.match(seen(scene, answer(1011)), rejected);
  });
});
