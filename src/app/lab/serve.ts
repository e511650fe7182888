/**
 * The servers of a host of the lab: a process in its network namespace.
 *
 * In:    what to serve, as JSON in the first word. Out: listeners of IPv4 and IPv6.
 * Holds: real programs where they are installed (dnsmasq, iperf3), small ones of Node where not.
 * Fails: one that cannot listen says so on stderr; the others go on.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { createServer as createHttp } from 'node:http';
import { createServer } from 'node:net';
import type { Served } from './scenario.ts';

const failed =
  (what: string) =>
  (error: Error): void =>
    console.error(`${what}: ${error.message}`);

function serveHttp(port: number): void {
  createHttp((request, response) => response.end(`${request.method} ${request.url}\n`))
    .on('error', failed(`http/${port}`))
    .listen(port, '::');
}

/** A line, and the end when the client ends. */
function serveTcp(port: number, greeting: string): void {
  createServer({ allowHalfOpen: false }, (socket) => {
    socket.on('error', () => {});
    socket.write(greeting);
    socket.resume();
  })
    .on('error', failed(`tcp/${port}`))
    .listen(port, '::');
}

function serveUdp(port: number, answer: (message: Buffer) => Buffer): void {
  const socket = createSocket({ type: 'udp6' });
  socket.on('message', (message, { port: to, address }) => socket.send(answer(message), to, address, () => {}));
  socket.on('error', failed(`udp/${port}`));
  socket.bind(port);
}

/** A program that is installed and may run here, else what stands for it. */
function program(command: string, words: readonly string[], instead: () => void): void {
  const child = spawn(command, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  child.on('error', instead);
  child.on('exit', (code) => {
    if (code !== 0 && code !== null) instead();
  });
}

function serveDns(port: number, address: string): void {
  const words = [
    '--keep-in-foreground',
    '--conf-file=/dev/null',
    '--no-resolv',
    '--no-hosts',
    '--user=root',
    '--pid-file=',
  ];
  program('dnsmasq', [...words, `--port=${port}`, `--address=/#/${address}`], () =>
    serveUdp(port, (query) => dnsAnswer(query, address)),
  );
}

/** The answer to any question: this address. */
function dnsAnswer(query: Buffer, address: string): Buffer {
  const head = Buffer.from(query.subarray(0, 12));
  head.writeUInt16BE(0x8180, 2);
  head.writeUInt16BE(1, 6);
  head.writeUInt32BE(0, 8);
  const end = query.indexOf(0, 12) + 5;
  const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, ...address.split('.').map(Number)]);
  return Buffer.concat([head, query.subarray(12, end), record]);
}

function serve({ kind, port }: Served, address: string): void {
  if (kind === 'http') serveHttp(port);
  else if (kind === 'ssh') serveTcp(port, 'SSH-2.0-lab\r\n');
  else if (kind === 'tcp') serveTcp(port, 'hello\n');
  else if (kind === 'udp') serveUdp(port, (message) => message);
  else if (kind === 'dns') serveDns(port, address);
  else program('iperf3', ['--server', '--port', String(port)], () => serveTcp(port, ''));
}

const { serves, addresses } = JSON.parse(process.argv[2] ?? '{}') as { serves: Served[]; addresses: string[] };
for (const one of serves) serve(one, addresses.find((address) => !address.includes(':')) ?? '127.0.0.1');
