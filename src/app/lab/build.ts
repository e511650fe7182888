/**
 * Makes the lab what the plan says, and keeps it so from one plan to the next.
 *
 * In:    plans. Out: network namespaces, devices, routes, rules of nftables; what was made and what went.
 * Holds: runs inside the lab's own namespaces: nothing of the host's network is touched. What is as it was is not touched
 *        either: connections go on. Segments stay as small as on a wire, so packets are counted as they are.
 * Fails: FG_LAB_COMMAND with what was run and what it said.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { failure } from '../../model/errors.ts';
import { natGatewayRules, routerRules } from './plan-rules.ts';
import type { Host, LabRoute, Plan, Port } from './plan.ts';

/** Of the routing tables, one for each device, and of their rules. */
const FIRST_TABLE = 1000;

/**
 * Where packets go that no route leads on: a wire whose other end is down. They are forwarded to it, so they are judged and counted
 * as AWS does it before it routes; a blackhole route takes them before.
 */
const NOWHERE = 'nowhere';

/** What a plan changed. */
export type Built = { readonly added: readonly Host[]; readonly gone: readonly Host[] };

export type Builder = {
  /** @param held  devices by which nothing passes yet */
  apply(plan: Plan, held: ReadonlySet<string>): Built;
};

/** Runs a command to its end. */
export function run(command: readonly string[], input = ''): string {
  const { status, stdout, stderr, error } = spawnSync(command[0]!, command.slice(1), { encoding: 'utf8', input });
  if (status !== 0) {
    const why = error?.message ?? (`${stderr}${stdout}`.trim() || `exit ${status}`);
    throw failure('FG_LAB_COMMAND', command.join(' '), why);
  }
  return stdout;
}

/** Makes this network namespace a router. */
export function makeRouter(): void {
  run(['ip', 'link', 'set', 'lo', 'up']);
  setKernel('net/ipv4/ip_forward', '1');
  setKernel('net/ipv6/conf/all/forwarding', '1');
  setKernel('net/ipv6/conf/default/accept_dad', '0');
  // Who may send from where is nftables' to check: it knows interfaces, and both families.
  for (const scope of ['all', 'default']) setKernel(`net/ipv4/conf/${scope}/rp_filter`, '0');
  run(['ip', 'link', 'add', NOWHERE, 'type', 'veth', 'peer', 'name', `${NOWHERE}-end`]);
  run(['ip', 'link', 'set', NOWHERE, 'arp', 'off', 'up']);
  mkdirSync('/run/netns', { recursive: true });
}

/** A setting of this network namespace's kernel, by its path below /proc/sys. */
export const setKernel = (name: string, value: string): void => writeFileSync(`/proc/sys/${name}`, value);

/** Nothing is built yet. */
export function createBuilder(): Builder {
  const hosts = new Map<string, Host>();
  const tables = new Map<string, number>();
  let nextTable = FIRST_TABLE;
  let routes = new Map<string, LabRoute>();
  let gateways = new Set<string>();
  let rules = '';

  function tableOf(device: string): number {
    const known = tables.get(device);
    if (known !== undefined) return known;
    tables.set(device, nextTable);
    return nextTable++;
  }

  function routeLine(word: 'replace' | 'del', { from, to, device, via }: LabRoute): string {
    const next = via === null ? `dev ${device}` : `via ${via} dev ${device} onlink`;
    return `${familyOf(to)} route ${word} ${to} ${next} table ${tableOf(from)}`;
  }

  function remove(host: Host): void {
    for (const pid of run(['ip', 'netns', 'pids', host.name]).split('\n').filter(Boolean)) endProcess(Number(pid));
    for (const { device } of host.ports) {
      for (const family of ['-4', '-6']) run(['ip', family, 'rule', 'del', 'iif', device]);
      run(['ip', 'link', 'del', device]);
    }
    run(['ip', 'netns', 'del', host.name]);
    hosts.delete(host.id);
  }

  return {
    apply(plan, held) {
      const wanted = new Map(plan.hosts.map((host) => [host.id, host]));
      const gone = [...hosts.values()].filter((host) => !isSame(host, wanted.get(host.id)));
      const goneDevices = new Set(gone.flatMap(({ ports }) => ports.map(({ device }) => device)));
      gone.forEach(remove);
      const added = plan.hosts.filter(({ id }) => !hosts.has(id));
      for (const host of added) {
        makeHost(host);
        for (const { device } of host.ports) ruleTo(device, tableOf(device));
        hosts.set(host.id, host);
      }
      const wantedGateways = new Set(
        plan.hosts.flatMap(({ ports }) => ports.flatMap(({ gateway4 }) => gateway4 ?? [])),
      );
      const changes = [
        ...[...wantedGateways].filter((one) => !gateways.has(one)).map((one) => `address add ${one}/32 dev lo`),
        ...[...gateways].filter((one) => !wantedGateways.has(one)).map((one) => `address del ${one}/32 dev lo`),
      ];
      gateways = wantedGateways;
      const next = new Map(plan.routes.map((route) => [`${route.from} ${route.to}`, route]));
      for (const [key, route] of routes)
        // With its device a route is gone already.
        if (!next.has(key) && !goneDevices.has(route.device)) changes.push(routeLine('del', route));
      for (const [key, route] of next)
        if (goneDevices.has(route.device) || !isSame(route, routes.get(key))) changes.push(routeLine('replace', route));
      for (const family of ['-4', '-6'])
        run(
          ['ip', family, '-batch', '-'],
          changes
            .flatMap((line) => {
              const [, of = '-4', rest] = /^(-[46]) (.*)$/u.exec(line) ?? [null, '-4', line];
              return of === family ? [`${rest}\n`] : [];
            })
            .join(''),
        );
      routes = next;
      const text = routerRules(plan, held);
      if (text !== rules) run(['nft', '-f', '-'], text);
      rules = text;
      return { added, gone };
    },
  };
}

const familyOf = (address: string): '-4' | '-6' => (address.includes(':') ? '-6' : '-4');
const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** What comes in by a device is routed by a table of its own, and by no other. */
function ruleTo(device: string, table: number): void {
  for (const family of ['-4', '-6']) {
    run(['ip', family, 'rule', 'add', 'iif', device, 'lookup', String(table), 'priority', String(table)]);
    run(['ip', family, 'route', 'replace', 'default', 'dev', NOWHERE, 'table', String(table), 'metric', '4000']);
  }
}

function makeHost(host: Host): void {
  const { name, kind, ports } = host;
  run(['ip', 'netns', 'add', name]);
  const inside = (text: string): void => writeInside(name, text);
  inside(
    [
      'net/ipv6/conf/default/accept_dad=0',
      'net/ipv4/conf/all/rp_filter=0',
      'net/ipv4/conf/default/rp_filter=0',
      `net/ipv4/ip_forward=${kind === 'nat-gateway' ? 1 : 0}`,
      // Root of an instance may listen where it likes, also where the lab's root is none of the host.
      'net/ipv4/ping_group_range=0 0',
    ].join('\n'),
  );
  ports.forEach((port) => makePort(name, port));
  if (kind === 'nat-gateway') run(['ip', 'netns', 'exec', name, 'nft', '-f', '-'], natGatewayRules());
}

/** Settings of the kernel in a host's namespace, `name=value` a line. */
function writeInside(name: string, lines: string): void {
  run(
    [
      'ip',
      'netns',
      'exec',
      name,
      'sh',
      '-c',
      'while IFS="=" read -r at value; do echo "$value" > "/proc/sys/$at"; done',
    ],
    `${lines}\n`,
  );
}

function makePort(host: string, { device, inner, mac, addresses, gateway4 }: Port): void {
  const small = ['gso_max_segs', '1'];
  run(['ip', 'link', 'add', device, 'type', 'veth', 'peer', 'name', inner, 'netns', host]);
  run(['ip', 'link', 'set', device, ...small, 'up']);
  run(['ip', 'address', 'add', 'fe80::1/64', 'dev', device, 'nodad']);
  const isFirst = inner === 'eth0';
  const lines = [
    'link set lo up',
    `link set ${inner} ${mac === null ? '' : `address ${mac} `}gso_max_segs 1`,
    `link set ${inner} up`,
    ...addresses.map((one) =>
      one.includes(':') ? `address add ${one}/128 dev ${inner} nodad` : `address add ${one}/32 dev ${inner}`,
    ),
    ...(isFirst && gateway4 !== null ? [`route add default via ${gateway4} dev ${inner} onlink`] : []),
    ...(isFirst ? [`route add default via fe80::1 dev ${inner}`] : []),
  ];
  run(['ip', '-n', host, '-batch', '-'], `${lines.join('\n')}\n`);
}

function endProcess(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has gone by itself.
  }
}
