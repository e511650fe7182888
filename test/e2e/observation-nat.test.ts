/** A host as Docker makes it, observed: a bridge, published ports, masquerading. Records have the addresses of the wire. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { buildNetwork, namespacesMissing } from './namespaces.ts';
import { flowOf, ipBytes, ObservedHost, prepare, send, silence, stateOf } from './observed-host.ts';
import type { Sent } from './observed-host.ts';

const skip = namespacesMissing(['nft', 'iptables-nft', 'ip6tables-nft', 'python3']) ?? false;
const SYN = 2;
const [CLIENT, HOST, CONTAINER] = ['10.77.1.10', '10.77.1.1', '10.77.2.10'];
const [CLIENT6, HOST6, CONTAINER6] = ['fd77:1::10', 'fd77:1::1', 'fd77:2::10'];

const BRIDGE = `
ip link add docker0 type bridge
ip link set to-b master docker0
ip addr flush dev to-b
ip link set docker0 up
ip addr add 10.77.2.1/24 dev docker0
ip addr add fd77:2::1/64 dev docker0 nodad
ip neigh replace ${CONTAINER} lladdr 02:77:00:00:00:0b dev docker0 nud permanent
ip neigh replace ${CONTAINER6} lladdr 02:77:00:00:00:0b dev docker0 nud permanent
ip route add default via ${CLIENT}
ip -6 route add default via ${CLIENT6}
`;

/** Rules for a family, as Docker writes them; and translations in output and input, which it does not have. */
function rules(command: string, container: string, net: string, far: string, other: string): string {
  const to = (port: number): string => (container.includes(':') ? `[${container}]:${port}` : `${container}:${port}`);
  return `
${command} -w -P FORWARD DROP
${command} -w -N DOCKER-USER
${command} -w -N DOCKER
${command} -w -A FORWARD -j DOCKER-USER
${command} -w -A DOCKER-USER -p udp --dport 5002 -j DROP
${command} -w -A DOCKER-USER -p tcp --dport 5002 -j DROP
${command} -w -A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
${command} -w -A FORWARD -o docker0 -j DOCKER
${command} -w -A FORWARD -i docker0 ! -o docker0 -j ACCEPT
${command} -w -A DOCKER ! -i docker0 -o docker0 -p udp --dport 5001 -j ACCEPT
${command} -w -A DOCKER ! -i docker0 -o docker0 -p tcp --dport 5001 -j ACCEPT
${command} -w -A OUTPUT -p udp --dport 9999 -j DROP
${command} -w -A INPUT -p udp --dport 9999 -j DROP
${command} -w -t nat -A PREROUTING -p udp --dport 8080 -j DNAT --to-destination ${to(5001)}
${command} -w -t nat -A PREROUTING -p tcp --dport 8080 -j DNAT --to-destination ${to(5001)}
${command} -w -t nat -A PREROUTING -p udp --dport 8081 -j DNAT --to-destination ${to(5002)}
${command} -w -t nat -A PREROUTING -p tcp --dport 8081 -j DNAT --to-destination ${to(5002)}
${command} -w -t nat -A OUTPUT -d ${far} -p udp --dport 53 -j DNAT --to-destination ${to(5001)}
${command} -w -t nat -A INPUT -p udp --dport 7777 -j SNAT --to-source ${other}
${command} -w -t nat -A POSTROUTING -s ${net} ! -o docker0 -j MASQUERADE
`;
}

const RULES = `${BRIDGE}
${rules('iptables-nft', CONTAINER, '10.77.2.0/24', '198.51.100.1', '10.77.1.99')}
${rules('ip6tables-nft', CONTAINER6, 'fd77:2::/64', 'fd77:1::99', 'fd77:1::98')}`;

/** The same for both families. */
function traffic(family: 4 | 6): { sends: ['a' | 'b' | 'router', Sent][]; flows: [string, string, Sent][] } {
  const [client, host, container] = family === 4 ? [CLIENT, HOST, CONTAINER] : [CLIENT6, HOST6, CONTAINER6];
  const [far, away] = family === 4 ? ['198.51.100.1', '203.0.113.7'] : ['fd77:1::99', '2001:db8::7'];
  const ping = family === 4 ? 1 : 58;
  const published: Sent = [client, host, 17, 40000, 8080, 0, 10, 8];
  const answer: Sent = [container, client, 17, 5001, 40000, 0, 30, 6];
  const blocked: Sent = [client, host, 17, 40000, 8081, 0, 20, 7];
  const syn: Sent = [client, host, 6, 40001, 8080, SYN, 0, 3];
  const blockedSyn: Sent = [client, host, 6, 40001, 8081, SYN, 0, 2];
  const outgoing: Sent = [container, client, 17, 41000, 9, 0, 40, 5];
  const reply: Sent = [client, host, 17, 9, 41000, 0, 50, 4];
  const pinged: Sent = [container, away, ping, 99, 0, 0, 56, 3];
  const redirected: Sent = [host, far, 17, 42000, 53, 0, 15, 9];
  const mine: Sent = [client, host, 17, 43000, 7777, 0, 25, 11];
  const closed: Sent = [client, host, 17, 43000, 9999, 0, 25, 2];
  const as = (sent: Sent, change: Partial<Record<number, string | number>>): Sent =>
    Object.assign([...sent], change) as unknown as Sent;
  return {
    sends: [
      ['a', published],
      ['b', answer],
      ['a', blocked],
      ['a', syn],
      ['a', blockedSyn],
      ['b', outgoing],
      ['a', reply],
      ['b', pinged],
      ['router', redirected],
      ['a', mine],
      ['a', closed],
    ],
    flows: [
      ['1 ingress ACCEPT', '', published],
      ['2 ingress ACCEPT', '', answer],
      ['', '1 egress ACCEPT', as(answer, { 0: host, 3: 8080 })],
      ['1 ingress REJECT', '', blocked],
      ['1 ingress ACCEPT', '', syn],
      ['1 ingress REJECT', '', blockedSyn],
      ['2 ingress ACCEPT', '', outgoing],
      ['', '1 egress ACCEPT', as(outgoing, { 0: host })],
      ['1 ingress ACCEPT', '', reply],
      ['', '2 egress ACCEPT', as(reply, { 1: container })],
      ['2 ingress ACCEPT', '', pinged],
      ['', '1 egress ACCEPT', as(pinged, { 0: host })],
      ['', '2 egress ACCEPT', as(redirected, { 1: container, 4: 5001 })],
      ['1 ingress ACCEPT', '', mine],
      ['1 ingress REJECT', '', closed],
    ],
  };
}

test(
  'published ports, masquerading and a bridge: wire addresses, and drops behind the translation',
  { skip },
  async () => {
    const network = buildNetwork();
    try {
      prepare(network);
      silence(network, 'a');
      network.run('router', ['sh', '-ec', RULES]);
      const before = stateOf(network);
      const host = new ObservedHost();
      await host.load(['to-a', 'docker0']);
      const both = [traffic(4), traffic(6)];
      for (const [step, [from, packet]] of both[0]!.sends.entries())
        send(network, from, [packet, both[1]!.sends[step]![1]]);
      await host.end();
      const found = host.flows();
      const expected = new Set<string>();
      for (const { flows, sends } of both) {
        for (const [ingress, egress, packet] of flows)
          for (const place of [ingress, egress]) {
            if (place === '') continue;
            const [at, direction, action] = place.split(' ');
            const key = flowOf(Number(at), direction!, action!, packet);
            expected.add(key);
            assert.deepEqual(
              found.get(key),
              [packet[7], packet[7] * ipBytes(packet)],
              `${key}\n${[...found].join('\n')}`,
            );
          }
        for (const [, packet] of sends.filter(([, [, , , , port]]) => port === 8080)) {
          const inside = packet[0] === CLIENT ? CONTAINER : CONTAINER6;
          const key = flowOf(2, 'egress', 'ACCEPT', [packet[0], inside, packet[2], packet[3], 5001, 0, packet[6], 0]);
          expected.add(key);
          assert.deepEqual(found.get(key), [packet[7], packet[7] * ipBytes(packet)], key);
        }
      }
      for (const key of found.keys())
        if (!expected.has(key)) assert.match(key, /^[12] egress ACCEPT \d+ (?:10\.77\.[12]\.1|fd77:[12]::1|fe80\S*):/);
      assert.equal(stateOf(network), before);
      // Who has no translation any more has no tracking by us either.
      assert.match(network.run('router', ['nft', 'list', 'table', 'inet', 'flowgauge']), /\bct\b/);
      network.run('router', ['nft', 'delete', 'table', 'ip', 'nat']);
      network.run('router', ['nft', 'delete', 'table', 'ip6', 'nat']);
      await host.end();
      assert.doesNotMatch(network.run('router', ['nft', 'list', 'table', 'inet', 'flowgauge']), /\bct\b/);
      await host.tables.remove();
    } finally {
      await network.remove();
    }
  },
);
