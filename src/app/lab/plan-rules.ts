/**
 * The plan's part that nftables does: public addresses, and senders that say who they are.
 *
 * In:    a plan. Out: text for `nft -f`.
 * Holds: one transaction replaces the table; what is translated goes on, for that stands with the connections. Nothing here
 *        judges by groups or ACLs: that is the table of `up`. The grammar is that of nft 1.0.6, which wants a line for each statement.
 * Fails: never.
 */
import type { Plan } from './plan.ts';

/** Of the router and of NAT gateways; in network namespaces of the lab only. */
export const LAB_TABLE = 'flowgauge_lab';

const quoted = (name: string): string => `"${name}"`;

function set(name: string, type: string, elements: readonly string[], word: 'set' | 'map' = 'set'): string[] {
  const held = elements.length === 0 ? [] : [`    elements = { ${elements.join(', ')} }`];
  return [`  ${word} ${name} {`, `    type ${type}`, ...held, '  }'];
}

/**
 * What the router does beside routing.
 *
 * @param held  devices that nothing judges yet: nothing passes them
 */
export function routerRules({ hosts, translations, sources }: Plan, held: ReadonlySet<string>): string {
  const outside = hosts.filter(({ kind }) => kind === 'outside').flatMap(({ ports }) => ports);
  const ofFamily = (six: boolean): string[] =>
    sources.flatMap(({ device, addresses }) =>
      addresses.filter((one) => one.includes(':') === six).map((one) => `${quoted(device)} . ${one}`),
    );
  const out4 = outside.flatMap(({ addresses }) => addresses.filter((one) => !one.includes(':')));
  return [
    `table inet ${LAB_TABLE}`,
    `delete table inet ${LAB_TABLE}`,
    `table inet ${LAB_TABLE} {`,
    ...set(
      'outside',
      'ifname',
      outside.map(({ device }) => quoted(device)),
    ),
    ...set(
      'checked',
      'ifname',
      sources.map(({ device }) => quoted(device)),
    ),
    ...set('held', 'ifname', Array.from(held, quoted)),
    ...set('own4', 'ifname . ipv4_addr', ofFamily(false)),
    ...set('own6', 'ifname . ipv6_addr', ofFamily(true)),
    ...set('known4', 'ipv4_addr', [...translations.map(({ public4 }) => public4), ...out4]),
    ...set(
      'public4',
      'ipv4_addr : ipv4_addr',
      translations.map(({ public4, private4 }) => `${public4} : ${private4}`),
      'map',
    ),
    ...set(
      'private4',
      'ipv4_addr : ipv4_addr',
      translations.map(({ public4, private4 }) => `${private4} : ${public4}`),
      'map',
    ),
    '  chain from_outside {',
    '    type filter hook prerouting priority raw; policy accept;',
    // A private address means nothing on the internet.
    '    iifname @outside ip daddr != @known4 drop',
    // Packet by packet, as an internet gateway does it: what opens no connection, as a FIN scan, is translated too.
    '    iifname @outside ip daddr set ip daddr map @public4',
    '  }',
    '  chain senders {',
    '    type filter hook forward priority raw; policy accept;',
    '    iifname @held drop',
    '    oifname @held drop',
    '    iifname @checked meta nfproto ipv4 iifname . ip saddr != @own4 drop',
    '    iifname @checked meta nfproto ipv6 iifname . ip6 saddr != @own6 drop',
    '  }',
    '  chain to_public {',
    '    type filter hook postrouting priority 100; policy accept;',
    '    oifname @outside ip saddr set ip saddr map @private4',
    '  }',
    '}',
    '',
  ].join('\n');
}

/** What a NAT gateway does: it sends on as itself, and answers nobody who was not asked. */
export function natGatewayRules(): string {
  return [
    `table ip ${LAB_TABLE} {`,
    '  chain asked {',
    '    type filter hook input priority filter; policy drop;',
    '    ct state established,related accept',
    '  }',
    '  chain as_itself {',
    '    type nat hook postrouting priority srcnat; policy accept;',
    '    oifname "eth0" masquerade',
    '  }',
    '}',
    '',
  ].join('\n');
}
