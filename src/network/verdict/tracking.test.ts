import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { PORTS_UNKNOWN } from '../../model/batch.ts';
import { HOST, inA, network, OPEN, outA, seen } from './told-network.ts';
import type { RuleWords } from './told-network.ts';
import type { Told } from './told-packets.ts';
import { createScene } from './told-packets.ts';

describe('V3: connections', () => {
  const ssh: RuleWords = ['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.0/24'];
  const accepted = /ACCEPT sg-ingress sgr-1$/;

  it('lets replies pass with the rule and the stage of the opening packet', () => {
    const scene = createScene(network([ssh]));
    assert.match(seen(scene, inA(0, 22)), accepted);
    assert.equal(seen(scene, outA(0.1, 22)), 'eni-a egress ACCEPT sg-ingress sgr-1');
  });

  it('asks the ACL for each packet, replies too, and does not track what it stops', () => {
    const scene = createScene(
      network(
        [ssh],
        [
          [10, 'out', 'deny', '6', 40000, 40000, '0.0.0.0/0'],
          [20, 'in', 'deny', '6', 22, 22, '198.51.100.8/32'],
          ...OPEN,
        ],
      ),
    );
    assert.match(seen(scene, inA(0, 22)), accepted);
    assert.equal(seen(scene, outA(0.1, 22)), 'eni-a egress REJECT nacl-egress acl-a/out/10');
    assert.equal(
      seen(scene, { at: 1, src: '198.51.100.8:5', dst: '10.0.1.5:22', tcp: 'S' }),
      'eni-a ingress REJECT nacl-ingress acl-a/in/20',
    );
    assert.equal(
      seen(scene, { at: 2, src: '10.0.1.5:22', dst: '198.51.100.8:5', tcp: 'SA' }),
      'eni-a egress REJECT sg-egress -',
    );
  });

  it('forgets a TCP connection 600 s after its last packet, an established one 432,000 s after', () => {
    const idle = createScene(network([ssh]));
    idle.see(inA(0, 22));
    assert.match(seen(idle, outA(600, 22)), accepted);
    const late = createScene(network([ssh]));
    late.see(inA(0, 22));
    assert.equal(seen(late, outA(600.000001, 22)), 'eni-a egress REJECT sg-egress -');
    const established = createScene(network([ssh]));
    established.see(inA(0, 22), outA(1, 22));
    assert.match(seen(established, outA(432_001, 22, 'A')), accepted);
    assert.equal(seen(established, outA(864_002, 22, 'A')), 'eni-a egress REJECT sg-egress -');
  });

  it('forgets UDP 30 s after one way, 180 s after both', () => {
    const dns: RuleWords = ['sgr-1', 'sg-a', 'out', 'udp', 53, 53, '0.0.0.0/0'];
    const ask = (at: number): Told => ({ at, src: '10.0.1.5:5000', dst: `${HOST}:53` });
    const answer = (at: number): Told => ({ at, src: `${HOST}:53`, dst: '10.0.1.5:5000' });
    const scene = createScene(network([dns]));
    scene.see(ask(0));
    assert.equal(seen(scene, answer(30)), 'eni-a ingress ACCEPT sg-egress sgr-1');
    assert.equal(seen(scene, answer(210)), 'eni-a ingress ACCEPT sg-egress sgr-1');
    assert.equal(seen(scene, answer(390.1)), 'eni-a ingress REJECT sg-ingress -');
    scene.see(ask(1000));
    assert.equal(seen(scene, answer(1030.1)), 'eni-a ingress REJECT sg-ingress -');
  });

  it('closes 10 s after RST: then packets without SYN are REJECT closed for 600 s, default deny after', () => {
    const scene = createScene(network([ssh]));
    scene.see(inA(0, 22), outA(0, 22), inA(1, 22, 'R'));
    assert.match(seen(scene, outA(11, 22, 'A')), accepted);
    assert.equal(seen(scene, outA(11.1, 22, 'A')), 'eni-a egress REJECT closed -');
    assert.equal(seen(scene, outA(611, 22, 'F')), 'eni-a egress REJECT closed -');
    assert.equal(seen(scene, outA(300, 22, 'SA')), 'eni-a egress REJECT sg-egress -');
    assert.equal(seen(scene, outA(611.1, 22, 'A')), 'eni-a egress REJECT sg-egress -');
  });

  it('closes 120 s after the FIN of the second side, which one sent again does not move', () => {
    const scene = createScene(network([ssh]));
    scene.see(inA(0, 22), outA(0, 22), inA(1, 22, 'FA'), inA(2, 22, 'FA'), outA(10, 22, 'FA'), outA(50, 22, 'FA'));
    assert.match(seen(scene, outA(130, 22, 'A')), accepted);
    assert.equal(seen(scene, outA(130.1, 22, 'A')), 'eni-a egress REJECT closed -');
  });

  it('asks the rules for a SYN while a connection is closing', () => {
    const web: RuleWords = ['sgr-2', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.7/32'];
    const scene = createScene(network([ssh]));
    scene.see(inA(0, 22), outA(0, 22), inA(1, 22, 'R'));
    scene.change(network([web]));
    assert.equal(seen(scene, outA(2, 22, 'S')), 'eni-a egress REJECT sg-egress -');
    assert.match(seen(scene, outA(3, 22, 'A')), accepted);
    assert.match(seen(scene, inA(4, 22, 'S')), /ACCEPT sg-ingress sgr-2$/);
    assert.match(seen(scene, inA(400, 22, 'A')), /ACCEPT sg-ingress sgr-2$/);
  });

  it('keeps a connection when its rule goes', () => {
    const scene = createScene(network([ssh]));
    scene.see(inA(0, 22));
    scene.change(network([]));
    assert.match(seen(scene, inA(1, 22, 'A')), accepted);
    assert.equal(seen(scene, inA(1, 22, 'S', 40001)), 'eni-a ingress REJECT sg-ingress -');
  });

  it('takes an echo and a time request of one identifier for two conversations', () => {
    const scene = createScene(network([['sgr-1', 'sg-a', 'out', 'icmp', -1, -1, '0.0.0.0/0']]));
    const from = (type: number): Told => ({ src: HOST, dst: '10.0.1.5', icmp: [type, 0], icmpId: 1 });
    scene.see({ src: '10.0.1.5', dst: HOST, icmp: [13, 0], icmpId: 1 });
    assert.equal(seen(scene, from(14)), 'eni-a ingress ACCEPT sg-egress sgr-1');
    assert.equal(seen(scene, from(8)), 'eni-a ingress REJECT sg-ingress -');
    assert.equal(seen(scene, from(15)), 'eni-a ingress REJECT sg-ingress -');
  });

  it('tracks echo by identifier and other protocols by address', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'out', 'icmp', 8, 0, '0.0.0.0/0'],
      ['sgr-2', 'sg-a', 'out', '47', -1, -1, '0.0.0.0/0'],
    ];
    const scene = createScene(network(rules));
    scene.see({ src: '10.0.1.5', dst: HOST, icmp: [8, 0], icmpId: 1 });
    assert.equal(
      seen(scene, { src: HOST, dst: '10.0.1.5', icmp: [0, 0], icmpId: 1 }),
      'eni-a ingress ACCEPT sg-egress sgr-1',
    );
    scene.see({ src: '10.0.1.5', dst: HOST, protocol: 47 });
    assert.equal(seen(scene, { src: HOST, dst: '10.0.1.5', protocol: 47 }), 'eni-a ingress ACCEPT sg-egress sgr-2');
  });

  it('drops the connection that was idle longest when the table is full, and counts it', () => {
    const scene = createScene(network([ssh]), { maxConnections: 3 });
    scene.see(inA(0, 22, 'S', 1), inA(1, 22, 'S', 2), inA(2, 22, 'S', 3), inA(3, 22, 'A', 1), inA(4, 22, 'S', 4));
    assert.equal(scene.judge.observations.notes['tracking-evicted'], 1);
    assert.equal(seen(scene, outA(5, 22, 'A', 2)), 'eni-a egress REJECT sg-egress -');
    for (const port of [1, 3, 4]) assert.match(seen(scene, outA(5, 22, 'A', port)), accepted);
  });

  it('does not count connections that are over when the table is full', () => {
    const scene = createScene(network([ssh]), { maxConnections: 2 });
    scene.see(inA(0, 22, 'S', 1), inA(1, 22, 'S', 2), inA(2, 22, 'R', 2), inA(13, 22, 'S', 3));
    assert.equal(scene.judge.observations.notes['tracking-evicted'], undefined);
    assert.match(seen(scene, outA(14, 22, 'A', 1)), accepted);
  });
});

describe('V4: untracked flows', () => {
  const everywhere: RuleWords[] = [
    ['sgr-1', 'sg-a', 'in', 'tcp', 80, 80, '0.0.0.0/0'],
    ['sgr-2', 'sg-a', 'out', '-1', -1, -1, '0.0.0.0/0'],
  ];
  it('stop when the rule goes, while tracked ones stay', () => {
    const scene = createScene(network([...everywhere, ['sgr-3', 'sg-a', 'in', 'tcp', 22, 22, '198.51.100.0/24']]));
    scene.see(inA(0, 80), inA(0, 22));
    assert.equal(seen(scene, outA(1, 80)), 'eni-a egress ACCEPT sg-ingress sgr-1');
    scene.change(network(everywhere.slice(1)));
    assert.equal(seen(scene, inA(2, 80, 'A')), 'eni-a ingress REJECT sg-ingress -');
    assert.equal(seen(scene, inA(2, 22, 'A')), 'eni-a ingress ACCEPT sg-ingress sgr-3');
  });
  it('keep the rule of the packet that opened the conversation when another one admits them', () => {
    const scene = createScene(network(everywhere));
    scene.see(inA(0, 80));
    scene.change(network([...everywhere, ['sgr-0', 'sg-a', 'in', 'tcp', 80, 80, '198.51.100.0/24']]));
    assert.equal(seen(scene, inA(1, 80, 'A')), 'eni-a ingress ACCEPT sg-ingress sgr-1');
    assert.equal(seen(scene, inA(1, 80, 'S', 7)), 'eni-a ingress ACCEPT sg-ingress sgr-0');
  });
});

describe('V5: ICMP errors', () => {
  const rules: RuleWords[] = [['sgr-1', 'sg-a', 'out', 'udp', 53, 53, '198.51.100.0/24']];
  const error = (at: number, port: number): Told => ({
    at,
    src: '203.0.113.1',
    dst: '10.0.1.5',
    icmp: [3, 3],
    flags: 4,
    quotes: { src: `10.0.1.5:${port}`, dst: `${HOST}:53` },
  });
  it('pass the groups with the rule of the connection that they quote, not with that of another', () => {
    const scene = createScene(network(rules));
    scene.see({ src: '10.0.1.5:5000', dst: `${HOST}:53` });
    assert.equal(seen(scene, error(1, 5000)), 'eni-a ingress ACCEPT sg-egress sgr-1');
    assert.equal(seen(scene, error(1, 5001)), 'eni-a ingress REJECT sg-ingress -');
  });
  it('are judged by the ACL as ICMP of their type', () => {
    const scene = createScene(network(rules, [[10, 'in', 'deny', '1', 3, -1, '0.0.0.0/0'], ...OPEN]));
    scene.see({ src: '10.0.1.5:5000', dst: `${HOST}:53` });
    assert.equal(seen(scene, error(1, 5000)), 'eni-a ingress REJECT nacl-ingress acl-a/in/10');
  });
});

describe('V6: packets without ports', () => {
  const fragment = (at: number, from = HOST): Told => ({
    at,
    src: from,
    dst: '10.0.1.5',
    protocol: 17,
    flags: PORTS_UNKNOWN,
  });
  it('take the verdict of the newest tracked connection between their addresses', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'out', 'udp', 53, 53, '198.51.100.0/24'],
      ['sgr-2', 'sg-a', 'out', 'udp', 54, 54, '198.51.100.0/24'],
    ];
    const scene = createScene(network(rules));
    assert.equal(seen(scene, fragment(0)), 'eni-a ingress REJECT sg-ingress -');
    scene.see({ at: 1, src: '10.0.1.5:5000', dst: `${HOST}:54` }, { at: 2, src: '10.0.1.5:5000', dst: `${HOST}:53` });
    assert.equal(seen(scene, fragment(3)), 'eni-a ingress ACCEPT sg-egress sgr-1');
    scene.see({ at: 4, src: '10.0.1.5:5001', dst: `${HOST}:54` });
    assert.equal(seen(scene, fragment(5)), 'eni-a ingress ACCEPT sg-egress sgr-2');
    assert.equal(scene.judge.observations.notes['no-ports'], 3);
  });
  it('else pass if a rule fits but for ports', () => {
    const scene = createScene(network([['sgr-1', 'sg-a', 'in', 'udp', 53, 53, '198.51.100.0/24']]));
    assert.equal(seen(scene, fragment(0)), 'eni-a ingress ACCEPT sg-ingress sgr-1');
    assert.equal(seen(scene, fragment(0, '203.0.113.9')), 'eni-a ingress REJECT sg-ingress -');
  });
});

describe('V7: picked up', () => {
  const out: RuleWords = ['sgr-1', 'sg-a', 'out', 'tcp', 443, 443, '198.51.100.0/24'];
  const reply = (at: number, tcp: string, port = 443, own = 40000): Told => ({
    at,
    src: `${HOST}:${port}`,
    dst: `10.0.1.5:${own}`,
    tcp,
  });
  const pickedUp = 'eni-a ingress ACCEPT sg-egress sgr-1';
  const denied = 'eni-a ingress REJECT sg-ingress -';

  it('takes TCP with ACK whose reverse is admitted and whose port here is the higher, in the first hour', () => {
    const scene = createScene(network([out]));
    assert.equal(seen(scene, reply(0, 'A')), pickedUp);
    assert.equal(seen(scene, reply(3599, 'A', 443, 40001)), pickedUp);
    assert.equal(seen(scene, reply(3600, 'A', 443, 40002)), denied);
    assert.equal(seen(scene, reply(10, 'A', 443, 442)), denied);
    assert.equal(seen(scene, reply(10, 'A', 444, 40003)), denied);
    assert.equal(scene.judge.observations.notes['picked-up'], 2);
  });

  it('leaves SYN, ACK, FIN, NULL and XMAS scans of closed groups rejected', () => {
    const scene = createScene(network([['sgr-1', 'sg-a', 'in', 'tcp', 22, 22, '0.0.0.0/0']]));
    for (const tcp of ['S', 'A', 'F', '', 'FP', 'SA', 'R'])
      assert.equal(seen(scene, { src: `${HOST}:50000`, dst: '10.0.1.5:8080', tcp }), denied, tcp);
  });

  it('takes no conversation that was judged in the last 600 s', () => {
    const scene = createScene(network([out]));
    assert.equal(seen(scene, reply(0, 'S')), denied);
    assert.equal(seen(scene, reply(600, 'A')), denied);
    assert.equal(seen(scene, reply(1200.1, 'A')), pickedUp);
  });

  it('takes UDP from a port not higher than its destination, and ICMP replies, for 180 s', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'out', 'udp', 53, 53, '198.51.100.0/24'],
      ['sgr-2', 'sg-a', 'out', 'icmp', 8, 0, '198.51.100.0/24'],
    ];
    const scene = createScene(network(rules));
    assert.equal(seen(scene, { at: 0, src: `${HOST}:53`, dst: '10.0.1.5:53' }), pickedUp);
    assert.equal(seen(scene, { at: 0, src: `${HOST}:53`, dst: '10.0.1.5:52' }), denied);
    assert.equal(
      seen(scene, { at: 179, src: HOST, dst: '10.0.1.5', icmp: [0, 0], icmpId: 1 }),
      'eni-a ingress ACCEPT sg-egress sgr-2',
    );
    assert.equal(seen(scene, { at: 180, src: HOST, dst: '10.0.1.5', icmp: [0, 0], icmpId: 2 }), denied);
    assert.equal(seen(scene, { at: 180, src: `${HOST}:53`, dst: '10.0.1.5:60' }), denied);
  });

  it('opens the connection to the lower port where both directions are admitted', () => {
    const rules: RuleWords[] = [
      ['sgr-1', 'sg-a', 'out', 'tcp', 443, 443, '198.51.100.0/24'],
      ['sgr-2', 'sg-a', 'in', 'tcp', 1024, 65535, '198.51.100.0/24'],
    ];
    const scene = createScene(network(rules));
    assert.equal(seen(scene, reply(0, 'A')), pickedUp);
    assert.equal(seen(scene, reply(0, 'S', 443, 40001)), 'eni-a ingress ACCEPT sg-ingress sgr-2');
    assert.equal(scene.judge.observations.notes['picked-up'], undefined);
  });
});
