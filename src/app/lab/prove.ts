/**
 * Tries a diagnosis out in a lab: sends its packet, and looks what became of it.
 *
 * In:    a lab that runs, a question about two of its hosts. Out: the proof.
 * Holds: packets leave from the namespace of the source's host and nowhere else. Both ends count what leaves and what comes by
 *        rules of their own; records are those that came to it since before. It sends when the last change of the network is in
 *        force, and waits until the records are as many as the packets, or its patience is at its end.
 * Fails: FG_PROVE_*; as the diagnosis and as asking flow logs do.
 */
import { randomBytes, randomInt } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import type { PortRange } from '../../api/explanation.ts';
import type { Proof } from '../../api/proof.ts';
import { compareProof } from '../../explain/diagnose/compare-proof.ts';
import type { Diagnosed, DiagnoseQuestion } from '../../explain/diagnose/diagnose.ts';
import { createDiagnoser } from '../../explain/diagnose/diagnose.ts';
import { LINUX_PORTS } from '../../explain/diagnose/flow.ts';
import type { World } from '../../explain/diagnose/world.ts';
import { interfaceAt } from '../../explain/diagnose/world.ts';
import { failure } from '../../model/errors.ts';
import { formatAddress } from '../../network/vpc/addresses.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import type { AskOptions } from '../../query/ask.ts';
import { lookInForce, waitInForce } from './in-force.ts';
import type { Host } from './plan.ts';
import type { Probe } from './probe-host.ts';
import { startProbe } from './probe-host.ts';
import { recordsOf, since } from './proof-records.ts';
import type { RunningLab } from './sandbox.ts';
import { readStanding } from './standing.ts';

export type ProveOptions = {
  readonly lab: RunningLab;
  /** Its network as it is now. */
  readonly network: () => Promise<VpcSnapshot>;
  readonly question: Omit<DiagnoseQuestion, 'atMicros'>;
  readonly asking: AskOptions;
  readonly signal: AbortSignal;
};

/** The open windows of the oldest flow log alone are seen; those of others close within a minute, and then some. */
const PATIENCE_MILLIS = { one: 20_000, several: 100_000 };
const LOOK_MILLIS = 200;
/** A change is in force sooner; where it is not, the packet finds it out. */
const IN_FORCE_MILLIS = 30_000;
/** So often it is sent again when they differ and the network changed meanwhile. */
const ATTEMPTS = 4;
const [ICMP, TCP, UDP, ICMP6] = [1, 6, 17, 58];

/** Tries it. */
export async function prove(options: ProveOptions): Promise<Proof> {
  const { protocol } = options.question;
  if (![ICMP, TCP, UDP, ICMP6].includes(protocol)) throw failure('FG_PROVE_PROTOCOL', `protocol ${protocol}`);
  for (let attempt = 1; ; attempt++) {
    const before = await waitInForce(options.lab.directory, IN_FORCE_MILLIS, options.signal);
    const proof = await proveOnce(options, await options.network());
    const isSame = before?.changedMicros === lookInForce(options.lab.directory)?.changedMicros;
    if (proof.agree || isSame || attempt === ATTEMPTS) return proof;
  }
}

async function proveOnce(options: ProveOptions, snapshot: VpcSnapshot): Promise<Proof> {
  const { lab, asking, signal } = options;
  const hosts = readStanding(lab.directory)?.hosts ?? [];
  const way = wayOf(options.question, snapshot, hosts);
  const { from, to, protocol, port, sourcePort, size } = way;
  const table = `flowgauge_proof_${randomBytes(4).toString('hex')}`;
  const conversation = { protocol, port, sourcePort };
  const before = await recordsOf(lab.directory, conversation, asking);
  const probes: Probe[] = [];
  try {
    const answers = protocol === TCP || protocol === UDP ? { protocol: protocol as 6 | 17, port: port ?? 0 } : null;
    const receiver = startProbe(lab, to.host.name, { table, ...matches(way, 'receiver'), answers }, signal);
    probes.push(receiver);
    const sender = startProbe(lab, from.host.name, { table, ...matches(way, 'sender'), answers: null }, signal);
    probes.push(sender);
    const [isOurs] = await Promise.all([receiver.ready, sender.ready]);
    const atMicros = Date.now() * 1000;
    await sender.send({
      protocol,
      source: from.address,
      destination: to.reachedAt,
      sourcePort: sourcePort ?? 0,
      port: port ?? 0,
      size,
    });
    const several = snapshot.flowLogs.length > 1;
    const until = performance.now() + PATIENCE_MILLIS[several ? 'several' : 'one'];
    for (;;) {
      const [here, there] = await Promise.all([sender.count(), receiver.count()]);
      const request = { left: here.left, came: there.came };
      const reply = { left: there.left, came: here.came };
      const all = since(before, await recordsOf(lab.directory, conversation, asking));
      // Echo requests of others have no port to tell them by.
      const own = port === null ? all.filter(way.isOwn) : all;
      const { records, differences } = compareProof(way.world, way.diagnosed, { request, reply, records: own });
      const isComplete = differences.every(
        (one) => one.kind === 'arrival' || (one.kind === 'verdict' && one.record !== null),
      );
      if (!isComplete && performance.now() < until) {
        await wait(LOOK_MILLIS, undefined, { signal });
        continue;
      }
      const agree = differences.length === 0;
      const { explanation } = way.diagnosed;
      return {
        agree,
        model: agree ? { ...explanation, certainty: 'kernel', atMicros } : { ...explanation, atMicros },
        sent: {
          fromHost: from.host.name,
          toHost: to.host.name,
          source: from.address,
          destination: to.reachedAt,
          sourcePort,
          atMicros,
        },
        kernel: { request, reply },
        answeredBy: answers === null ? 'kernel' : isOurs ? 'proof' : 'server',
        records,
        differences,
      };
    }
  } finally {
    for (const probe of probes) probe.end();
  }
}

type Way = {
  readonly world: World;
  readonly diagnosed: Diagnosed;
  readonly protocol: number;
  readonly port: number | null;
  readonly sourcePort: number | null;
  /** Of an echo request's payload: what tells it from others. */
  readonly size: number;
  readonly from: { readonly host: Host; readonly address: string };
  /** `reachedAt`: whom the sender writes to. */
  readonly to: { readonly host: Host; readonly address: string; readonly reachedAt: string };
  readonly isOwn: (record: { readonly source: string; readonly destination: string }) => boolean;
};

/** Who sends what to whom. */
function wayOf(question: ProveOptions['question'], snapshot: VpcSnapshot, hosts: readonly Host[]): Way {
  const { protocol } = question;
  const [fromText, toText] = [endText('--from', question.from, hosts), endText('--to', question.to, hosts)];
  const isPorted = protocol === TCP || protocol === UDP;
  const given = /^(?:\[[^\]]+\]|[^:]+):(\d{1,5})$/u.exec(fromText)?.[1];
  const range: PortRange = given === undefined ? (question.sourcePorts ?? LINUX_PORTS) : [Number(given), Number(given)];
  const sourcePort = isPorted ? randomInt(range[0], range[1] + 1) : null;
  const diagnoser = createDiagnoser(snapshot);
  const { world } = diagnoser;
  const diagnosed = diagnoser.diagnose({
    ...question,
    from: fromText,
    to: toText,
    sourcePorts: sourcePort === null ? null : [sourcePort, sourcePort],
    atMicros: 0,
  });
  const { from, to, port } = diagnosed.explanation.question;
  const { visits } = diagnosed;
  const requests = visits.filter(({ leg }) => leg === 'request');
  const one = (option: string, place: Diagnosed['from'], { addresses }: typeof from): string => {
    const [address = ''] = addresses;
    if (place.ranges.length > 0 || addresses.length !== 1)
      throw failure('FG_PROVE_END', option, place.text, 'that is not one address');
    return address;
  };
  const [fromAsked, toAsked] = [one('--from', diagnosed.from, from), one('--to', diagnosed.to, to)];
  // A public address is held by nobody: the packet has the private one at its interface.
  const last = requests.at(-1);
  const fromAddress = from.interfaceIds.length === 0 ? fromAsked : formatAddress(requests[0]!.source);
  const toAddress = to.interfaceIds.length === 0 ? toAsked : formatAddress(last!.destination);
  if (!isPorted && (protocol === ICMP6) !== toAddress.includes(':'))
    throw failure('FG_PROVE_FAMILY', protocol === ICMP ? 'icmp' : 'icmpv6', toAddress);
  const source = hostWith('--from', question.from, fromAddress, hosts);
  const target = hostWith('--to', question.to, toAddress, hosts);
  const isOutside = source.kind === 'outside';
  const reachedAt = isOutside && to.interfaceIds.length > 0 ? publicIn(world, to.interfaceIds[0]!, toAddress) : toAsked;
  const ways = new Set(visits.map((visit) => `${formatAddress(visit.source)} ${formatAddress(visit.destination)}`));
  return {
    world,
    diagnosed,
    protocol,
    port,
    sourcePort,
    size: randomInt(64, 1200),
    from: { host: source, address: fromAddress },
    to: { host: target, address: toAddress, reachedAt },
    isOwn: (record) => ways.has(`${record.source} ${record.destination}`),
  };
}

/** A host's name as `lab status` prints it stands for its first interface, of a host outside for its IPv4 address. */
function endText(option: string, text: string, hosts: readonly Host[]): string {
  const host = hosts.find(({ name }) => name === text || name === `i-${text}`);
  if (host === undefined) return text;
  const [port] = host.ports;
  const end = port?.interfaceId ?? port?.addresses.find((address) => !address.includes(':'));
  if (end === undefined || host.kind === 'nat-gateway')
    throw failure('FG_PROVE_END', option, text, 'it sends nothing itself');
  return end;
}

function hostWith(option: string, text: string, address: string, hosts: readonly Host[]): Host {
  const host = hosts.find(({ ports }) => ports.some(({ addresses }) => addresses.includes(address)));
  if (host === undefined) throw failure('FG_PROVE_END', option, text, `no host of the lab has ${address}`);
  if (host.kind === 'nat-gateway') throw failure('FG_PROVE_END', option, text, 'a NAT gateway sends nothing itself');
  if (host.ports[0]?.addresses.includes(address) !== true)
    throw failure(
      'FG_PROVE_END',
      option,
      text,
      'it is not the first interface of its instance, which has the default route',
    );
  return host;
}

/** As the internet knows an address of an interface; itself where it knows none. */
function publicIn(world: World, interfaceId: string, address: string): string {
  const own = interfaceAt(world, world.byId.get(interfaceId) ?? 0);
  const known = own.translations?.find(
    ({ private4 }) => formatAddress({ family: 4, words: [private4] }) === address,
  )?.public4;
  return known === undefined ? address : formatAddress({ family: 4, words: [known] });
}

/** What each end counts, as matches of nftables: the request by where it goes, the reply by where it comes from. */
function matches(
  { protocol, port, sourcePort, size, from, to }: Way,
  end: 'sender' | 'receiver',
): { readonly leaves: string; readonly comes: string } {
  const six = to.address.includes(':');
  const ip = six ? 'ip6' : 'ip';
  const echo = (kind: string): string =>
    `${six ? 'icmpv6' : 'icmp'} type echo-${kind} ${ip} length ${size + 8 + (six ? 0 : 20)}`;
  const name = protocol === TCP ? 'tcp' : 'udp';
  const request = port === null ? echo('request') : `${name} sport ${sourcePort} ${name} dport ${port}`;
  const reply = port === null ? echo('reply') : `${name} sport ${port} ${name} dport ${sourcePort}`;
  // Addresses of the other end are others where they are translated on the way.
  return end === 'sender'
    ? { leaves: `${ip} daddr ${to.reachedAt} ${request}`, comes: `${ip} daddr ${from.address} ${reply}` }
    : { leaves: `${ip} saddr ${to.address} ${reply}`, comes: `${ip} daddr ${to.address} ${request}` };
}
