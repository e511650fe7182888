/**
 * The clients of one host of the lab: a process in its network namespace.
 *
 * In:    attempts over IPC, each when its time has come. Out: over IPC what became of each.
 * Holds: real clients where they are installed (curl, dig, ssh, ping, iperf3), else Node's. Scans go out from chosen ports:
 *        nftables gives what leaves these the flags of the scan, for Node has no raw sockets.
 * Fails: a client that fails is an attempt without an answer.
 */
import { spawn, spawnSync } from 'node:child_process';
import { Resolver } from 'node:dns/promises';
import { createSocket } from 'node:dgram';
import { get } from 'node:http';
import { connect } from 'node:net';
import type { TrafficKind } from './scenario.ts';

/** An attempt, with the address that it goes to. */
export type Sending = {
  readonly id: number;
  readonly kind: TrafficKind;
  readonly address: string;
  readonly port: number;
};
export type Sent = { readonly id: number; readonly answered: boolean };

const PATIENCE_MILLIS = 3000;
const SCAN_MILLIS = 300;
/** First of the local ports that a scan leaves by, and the flags that it has. */
const SCANS = { 'fin-scan': [20_000, '0x1'], 'null-scan': [22_000, '0x0'], 'xmas-scan': [24_000, '0x29'] } as const;
const PORTS = 2000;

/** What somebody sends who guesses a password: his greeting, and an offer of ciphers as long as OpenSSH's. */
const GUESS = Buffer.concat([Buffer.from('SSH-2.0-guess\r\n'), Buffer.alloc(1400, 20)]);
const FLOOD_PACKETS = 330_000;
const UPLOAD_BYTES = 55_000_000;
/** For what is to be sent whole, also while the machine has much else to do. */
const LONG_MILLIS = 30_000;

let scanned = 0;
let scans = false;

function makeScans(): void {
  scans = true;
  const lines = Object.values(SCANS).map(
    ([from, flags]) => `    tcp sport ${from}-${from + PORTS - 1} tcp flags set ${flags}`,
  );
  const head = ['table inet flowgauge_scans {', '  chain out {', '    type filter hook output priority mangle;'];
  spawnSync('nft', ['-f', '-'], {
    input: [...head, ...lines, '  }', '}', ''].join('\n'),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
}

/** Whether a program ended well; null where it is not installed. */
function client(
  command: string,
  words: readonly string[],
  millis = PATIENCE_MILLIS + 1000,
): Promise<{ readonly code: number; readonly said: string } | null> {
  const { promise, resolve } = Promise.withResolvers<{ code: number; said: string } | null>();
  const child = spawn(command, words, { stdio: ['ignore', 'pipe', 'pipe'], timeout: millis });
  let said = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text));
  child.on('error', () => resolve(null));
  child.on('close', (code) => resolve({ code: code ?? 1, said }));
  return promise;
}

/** Whether a connection opens; a refusal is an answer too where a scan asks. */
function tcp(host: string, port: number, millis: number, localPort?: number): Promise<'open' | 'refused' | 'silent'> {
  const { promise, resolve } = Promise.withResolvers<'open' | 'refused' | 'silent'>();
  const socket = connect({ host, port, ...(localPort === undefined ? {} : { localPort }) });
  socket.setTimeout(millis, () => {
    resolve('silent');
    socket.destroy();
  });
  socket.on('connect', () => {
    resolve('open');
    socket.end('hello\n');
    socket.resume();
  });
  socket.on('error', (error) => resolve('code' in error && error.code === 'ECONNREFUSED' ? 'refused' : 'silent'));
  return promise;
}

async function scan(kind: keyof typeof SCANS, { address, port }: Sending): Promise<boolean> {
  if (!scans) makeScans();
  const localPort = SCANS[kind][0] + (scanned++ % PORTS);
  return (await tcp(address, port, SCAN_MILLIS, localPort)) !== 'silent';
}

async function http({ address, port }: Sending): Promise<boolean> {
  const url = `http://${address.includes(':') ? `[${address}]` : address}:${port}/`;
  const done = await client('curl', ['-s', '-o', '/dev/null', '--max-time', '3', url]);
  if (done !== null) return done.code === 0;
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const request = get(url, { timeout: PATIENCE_MILLIS, agent: false }, (response) => {
    response.resume();
    resolve(true);
  });
  request.on('timeout', () => request.destroy()).on('error', () => resolve(false));
  return promise;
}

async function dns({ address, port }: Sending): Promise<boolean> {
  const done = await client('dig', ['+time=3', '+tries=1', '+short', '-p', String(port), `@${address}`, 'web.lab']);
  if (done !== null) return done.code === 0;
  const resolver = new Resolver({ timeout: PATIENCE_MILLIS, tries: 1 });
  resolver.setServers([`${address.includes(':') ? `[${address}]` : address}:${port}`]);
  return resolver.resolve4('web.lab').then(
    () => true,
    () => false,
  );
}

async function ssh({ address, port }: Sending): Promise<boolean> {
  const options = ['BatchMode=yes', 'ConnectTimeout=3', 'StrictHostKeyChecking=no', 'UserKnownHostsFile=/dev/null'];
  const words = [...options.flatMap((one) => ['-o', one]), '-p', String(port), `root@${address}`, 'true'];
  const done = await client('ssh', ['-F', '/dev/null', ...words]);
  // The server speaks no further than its greeting: who waited for more in vain was let in.
  if (done !== null) return !/connect to host|No route|unreachable/iu.test(done.said);
  return (await tcp(address, port, PATIENCE_MILLIS)) === 'open';
}

async function ping({ address }: Sending): Promise<boolean> {
  return (await client('ping', ['-n', '-q', '-c', '1', '-W', '3', address]))?.code === 0;
}

async function bulk(sending: Sending): Promise<boolean> {
  const { address, port } = sending;
  const words = ['--client', address, '--port', String(port), '--bytes', '2M', '--connect-timeout', '3000'];
  const done = await client('iperf3', words, 8000);
  if (done !== null) return done.code === 0;
  return (await tcp(address, port, PATIENCE_MILLIS)) === 'open';
}

function udp({ address, port }: Sending): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  const end = (answered: boolean): void => {
    resolve(answered);
    clearTimeout(patience);
    socket.close();
  };
  const patience = setTimeout(() => end(false), SCAN_MILLIS);
  socket.on('message', () => end(true));
  socket.on('error', () => end(false));
  socket.connect(port, address, () => socket.send('hello', () => {}));
  return promise;
}

/** Whether a server greets; what follows it does not look at. */
function guess({ address, port }: Sending): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port });
  const end = (answered: boolean): void => {
    resolve(answered);
    socket.end();
  };
  socket.setTimeout(LONG_MILLIS, () => end(false));
  socket.on('data', () => socket.write(GUESS, () => end(true)));
  socket.on('error', () => resolve(false));
  return promise;
}

/** As fast as it goes; nobody answers. */
async function flood({ address, port }: Sending): Promise<boolean> {
  const socket = createSocket(address.includes(':') ? 'udp6' : 'udp4');
  socket.on('error', () => {});
  const connected = Promise.withResolvers<void>();
  socket.connect(port, address, connected.resolve);
  await connected.promise;
  const packet = Buffer.alloc(20);
  for (let sent = 0; sent < FLOOD_PACKETS; sent += 500) {
    const { promise, resolve } = Promise.withResolvers<void>();
    for (let at = 1; at < 500; at++) socket.send(packet);
    socket.send(packet, () => resolve());
    await promise;
  }
  socket.close();
  return false;
}

/** Whether all of it was taken. */
function upload({ address, port }: Sending): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host: address, port });
  const piece = Buffer.alloc(1_000_000);
  let left = UPLOAD_BYTES;
  const write = (): void => {
    while (left > 0) {
      left -= piece.length;
      if (!socket.write(piece)) return;
    }
    socket.end();
  };
  socket.setTimeout(LONG_MILLIS, () => socket.destroy());
  socket.on('connect', write).on('drain', write);
  socket.on('error', () => {});
  socket.on('close', () => resolve(left <= 0 && socket.bytesWritten >= UPLOAD_BYTES));
  socket.resume();
  return promise;
}

function send(sending: Sending): Promise<boolean> {
  const { kind, address, port } = sending;
  switch (kind) {
    case 'http':
      return http(sending);
    case 'dns':
      return dns(sending);
    case 'ssh':
      return ssh(sending);
    case 'ping':
      return ping(sending);
    case 'bulk':
      return bulk(sending);
    case 'udp':
      return udp(sending);
    case 'tcp':
      return tcp(address, port, PATIENCE_MILLIS).then((how) => how === 'open');
    case 'ssh-guess':
      return guess(sending);
    case 'udp-flood':
      return flood(sending);
    case 'upload':
      return upload(sending);
    case 'syn-scan':
    case 'sweep':
      return tcp(address, port, SCAN_MILLIS).then((how) => how !== 'silent');
    default:
      return scan(kind, sending);
  }
}

process.on('message', (sending: Sending) => {
  void send(sending).then((answered) => {
    const sent: Sent = { id: sending.id, answered };
    if (process.connected) process.send?.(sent, undefined, undefined, () => {});
  });
});
process.on('disconnect', () => process.exit(0));
