/**
 * Packets between two hosts, each a network namespace, captured there by `capture` and published to a bucket of a server of this machine.
 *
 * In:    a server, a bucket, a prefix. Out: objects below the prefix, and how many packets of the flows are in their records.
 * Holds: the namespaces reach nothing but each other; what `capture` says to the server goes through a socket in the file system, which every
 *        namespace of a machine has.
 * Fails: NotHere where namespaces cannot be made, or tcpdump is missing.
 */
import { once } from 'node:events';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { FIFO_NAME } from '../../src/app/collector/live-capture.ts';
import { buildNetwork, namespacesMissing } from '../e2e/namespaces.ts';
import type { Network } from '../e2e/namespaces.ts';
import { NotHere, directoryOf } from './server.ts';
import type { S3Server } from './server.ts';

const PROGRAM = join(import.meta.dirname, '../../bin/flowgauge');
const PORT = 5000;
/** Flows that are sent, each of as many packets as `TIMES`; one object has at most this many bytes, so there are several. */
const FLOWS = 900;
const TIMES = 2;
const OBJECT_BYTES = 2000;

/** Takes connections at a port of a namespace to a socket in the file system. */
const FORWARD = `
const net = require('node:net');
net.createServer((from) => {
  const to = net.connect(process.argv[1]);
  from.on('error', () => to.destroy()).pipe(to).on('error', () => from.destroy()).pipe(from);
}).listen(${PORT}, '127.0.0.1');`;

/** Sends datagrams to as many ports, to nobody. */
const SEND = `
const socket = require('node:dgram').createSocket('udp4');
(async () => {
  for (let time = 0; time < ${TIMES}; time++)
    for (let at = 0; at < ${FLOWS}; at++)
      await new Promise((sent) => socket.send('x', 20000 + at, process.argv[1], sent));
  socket.close();
})();`;

/** Sends and captures. */
export async function livePackets(server: S3Server, bucket: string, prefix: string): Promise<number> {
  const missing = namespacesMissing(['tcpdump', 'ss']);
  if (missing !== null) throw new NotHere(missing);
  const directory = directoryOf('live-packets');
  const network = buildNetwork();
  const path = join(directory.path, 's3.sock');
  const sockets = new Set<Socket>();
  const door = createServer((from) => {
    const to = connect(Number(new URL(server.endpoint).port), '127.0.0.1');
    sockets.add(from).add(to);
    from.on('error', () => to.destroy()).pipe(to);
    to.on('error', () => from.destroy()).pipe(from);
  }).listen(path);
  try {
    await once(door, 'listening');
    network.start('a', [process.execPath, '-e', FORWARD, path]);
    await network.listening('a', 'tcp', PORT);
    // Nobody answers that there is no such port: what is sent is all there is.
    network.run('b', ['ip', 'route', 'add', 'blackhole', `${network.a.address4}/32`]);
    const environment = {
      AWS_ACCESS_KEY_ID: server.accessKeyId,
      AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
      AWS_ENDPOINT_URL: `http://127.0.0.1:${PORT}`,
      AWS_REGION: 'us-east-1',
    };
    const words = ['capture', '-i', 'eth0', '-w', `s3://${bucket}/${prefix}`, '--max-object-bytes', `${OBJECT_BYTES}`];
    const set = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
    const capture = network.start('a', ['env', ...set, PROGRAM, ...words, '--path-style']);
    let said = '';
    capture.stderr!.on('data', (piece: Buffer) => (said += piece.toString()));
    while (!isCapturing(network, capture.pid!)) {
      if (capture.exitCode !== null) throw new Error(said);
      await wait(50);
    }
    network.run('a', [process.execPath, '-e', SEND, network.b.address4]);
    capture.kill('SIGINT');
    const [code] = capture.exitCode === null ? ((await once(capture, 'exit')) as [number | null]) : [capture.exitCode];
    if (code !== 0) throw new Error(`capture ended with ${String(code)}: ${said}`);
  } finally {
    await network.remove();
    for (const socket of sockets) socket.destroy();
    door.close();
    directory.remove();
  }
  return FLOWS * TIMES;
}

/** Whether `capture` reads what its tcpdump writes: by then it also hears Ctrl-C. libpcap binds its socket last. */
function isCapturing(network: Network, pid: number): boolean {
  const files = readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`);
    } catch {
      return [];
    }
  });
  if (!files.some((file) => file.endsWith(FIFO_NAME))) return false;
  const [, ...rows] = network.run('a', ['cat', '/proc/net/packet']).trim().split('\n');
  return rows.some((row) => row.trim().split(/\s+/u)[5] === '1');
}
