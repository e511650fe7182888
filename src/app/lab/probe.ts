/**
 * One end of a proof: a process in the network namespace of a host of the lab that counts, answers and sends.
 *
 * In:    what to count as matches of nftables, and where to answer, as JSON in the first word; over IPC when to send and when to
 *        tell counts. Out: over IPC what came of it.
 * Holds: it sends nothing unless it is in a lab, in the namespace of a host. What is counted is counted by the host's own kernel,
 *        apart from the table that judges. When the channel closes its table goes, and so does it.
 * Fails: with `failed` and the reason; outside of a lab with exit 1.
 */
import { spawn, spawnSync } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { readFileSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { directoryIn } from './sandbox.ts';

/** What one end is to do. */
export type ProbeTask = {
  /** Of nftables, its own. */
  readonly table: string;
  /** Matches of packets that leave this host, and that come to it. */
  readonly leaves: string;
  readonly comes: string;
  /** Where to answer, unless somebody does. */
  readonly answers: { readonly protocol: 6 | 17; readonly port: number } | null;
};

/** What is sent. */
export type ProbePacket = {
  readonly protocol: number;
  readonly source: string;
  readonly destination: string;
  readonly sourcePort: number;
  readonly port: number;
  /** Bytes of an echo request's payload. */
  readonly size: number;
};

export type ToProbe = { readonly do: 'send'; readonly packet: ProbePacket } | { readonly do: 'count' };
export type FromProbe =
  /** `answers`: whether it answers here itself; false where a server of the host has the port. */
  | { readonly is: 'ready'; readonly answers: boolean }
  | { readonly is: 'sent' }
  | { readonly is: 'counted'; readonly left: number; readonly came: number }
  | { readonly is: 'failed'; readonly why: string };

const PATIENCE_MILLIS = 900;
/** A query for `lab.`: a DNS server answers it, whatever else listens takes it for any bytes. */
const PAYLOAD = Buffer.from('1a2b01000001000000000000036c61620000010001', 'hex');

const tell = (message: FromProbe): void => void process.send?.(message, undefined, undefined, () => {});
const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** The first process here is a lab's, and this is not its router. */
function isHostOfLab(): boolean {
  try {
    const words = readFileSync('/proc/1/cmdline', 'utf8').split('\0');
    return directoryIn(words) !== null && readlinkSync('/proc/1/ns/net') !== readlinkSync('/proc/self/ns/net');
  } catch {
    return false;
  }
}

function nft(script: string): string {
  const { status, stdout, stderr, error } = spawnSync('nft', ['-f', '-'], { encoding: 'utf8', input: script });
  if (status !== 0) throw new Error(error?.message ?? `nft: ${stderr.trim()}`);
  return stdout;
}

function countAlso({ table, leaves, comes }: ProbeTask): void {
  nft(
    [
      `table inet ${table} {`,
      '  counter left {',
      '  }',
      '  counter came {',
      '  }',
      '  chain leaves {',
      '    type filter hook output priority raw; policy accept;',
      `    ${leaves} counter name left`,
      '  }',
      '  chain comes {',
      '    type filter hook prerouting priority raw; policy accept;',
      `    ${comes} counter name came`,
      '  }',
      '}',
      '',
    ].join('\n'),
  );
}

function counts({ table }: ProbeTask): FromProbe {
  const text = nft(`list counters table inet ${table}\n`);
  const of = (name: string): number =>
    Number(new RegExp(`counter ${name} \\{\\s*packets (\\d+)`, 'u').exec(text)?.[1] ?? Number.NaN);
  return { is: 'counted', left: of('left'), came: of('came') };
}

/** Settles when it answers, or when somebody else does. */
function answer({ answers }: ProbeTask): Promise<boolean> {
  const { promise, resolve, reject } = Promise.withResolvers<boolean>();
  if (answers === null) return Promise.resolve(false);
  const failed = (error: NodeJS.ErrnoException): void => (error.code === 'EADDRINUSE' ? resolve(false) : reject(error));
  if (answers.protocol === 6) {
    createServer((socket) => socket.on('error', () => {}).end())
      .on('error', failed)
      .listen(answers.port, '::', () => resolve(true));
    return promise;
  }
  const socket = createSocket('udp6');
  socket.on('message', (message, { port, address }) => socket.send(message, port, address, () => {}));
  socket.on('error', failed);
  socket.bind(answers.port, '::', () => resolve(true));
  return promise;
}

function sendTcp({ source, destination, sourcePort, port }: ProbePacket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ host: destination, port, localAddress: source, localPort: sourcePort });
  socket.setTimeout(PATIENCE_MILLIS, () => socket.destroy());
  // An end without reset: what a connection sends after one belongs to none.
  socket.on('connect', () => socket.end().resume());
  socket.on('close', () => resolve());
  // Refused and not reached are answers of the network; a port that is taken is none.
  socket.on('error', (error: NodeJS.ErrnoException) =>
    error.code === 'EADDRINUSE' || error.code === 'EADDRNOTAVAIL' ? reject(error) : resolve(),
  );
  return promise;
}

function sendUdp({ source, destination, sourcePort, port }: ProbePacket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = createSocket(source.includes(':') ? 'udp6' : 'udp4');
  const end = (): void => {
    clearTimeout(patience);
    socket.close();
    resolve();
  };
  const patience = setTimeout(end, PATIENCE_MILLIS);
  socket.once('message', end);
  socket.on('error', (error: NodeJS.ErrnoException) => {
    if (error.syscall === 'bind') reject(error);
  });
  socket.bind(sourcePort, source, () => socket.send(PAYLOAD, port, destination, () => {}));
  return promise;
}

function ping({ source, destination, size }: ProbePacket): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const words = ['-n', '-q', '-c', '1', '-W', '1', '-s', String(size), '-I', source, destination];
  spawn('ping', words, { stdio: 'ignore' })
    .on('error', () => reject(new Error('ping is not installed (sudo apt-get install -y iputils-ping)')))
    .on('close', () => resolve());
  return promise;
}

async function send(packet: ProbePacket): Promise<void> {
  if (packet.protocol === 6) await sendTcp(packet);
  else if (packet.protocol === 17) await sendUdp(packet);
  else await ping(packet);
}

async function main(task: ProbeTask): Promise<void> {
  const end = (): never => {
    spawnSync('nft', ['delete', 'table', 'inet', task.table], { stdio: 'ignore' });
    process.exit(0);
  };
  process.on('disconnect', end);
  // The terminal sends these to all; whoever started this closes the channel.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  const failed = (error: unknown): void => tell({ is: 'failed', why: reasonOf(error) });
  process.on('message', (asked: ToProbe) => {
    const done = async (): Promise<FromProbe> => {
      if (asked.do === 'count') return counts(task);
      await send(asked.packet);
      return { is: 'sent' };
    };
    done().then(tell, failed);
  });
  try {
    countAlso(task);
    tell({ is: 'ready', answers: await answer(task) });
  } catch (error) {
    failed(error);
  }
}

if (import.meta.main) {
  if (!isHostOfLab() || process.send === undefined) {
    console.error('this runs on a host of a lab only: `flowgauge diagnose --prove` starts it there; nothing was sent');
    process.exit(1);
  }
  await main(JSON.parse(process.argv[2] ?? '{}') as ProbeTask);
}
