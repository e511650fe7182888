/**
 * pipe: whole packets through a pipe, and the memory of the reader while they pass.
 *
 * In:    the generator's stdout. Out: a table of resident memory at each tenth of the way.
 * Holds: `--long` sends 10 GB; without it 1 GB. What counts is whether the second half needs more than the first.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { captureCommand } from '../flowgauge.ts';
import { NODE, ROOT, generatorArguments } from '../inputs.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

/** What a packet with its header takes in the file, on average. */
const BYTES_PER_PACKET = 323;
const TENTHS = 10;
/** Chunks of the pipe between two looks at the memory. */
const LOOK_EVERY = 64;

export const pipe: Row = async ({ long, bursty, command }) => {
  const packets = Math.ceil((long ? 10e9 : 1e9) / BYTES_PER_PACKET);
  const head = heading(`pipe: ${long ? 10 : 1} GB through a pipe`, command);
  const spec = { packets, snap: 0, seconds: Math.ceil(packets / 5000), bursty };
  const sender = spawn(NODE, generatorArguments(spec, '-', null), { stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
  const [program, ...args] = [...captureCommand(), '-r', '-'];
  const reader = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => reader.on('close', resolve).on('error', reject));
  const largest = Array.from({ length: TENTHS }, () => 0);
  const total = packets * BYTES_PER_PACKET;
  let passed = 0;
  let chunks = 0;
  for await (const chunk of sender.stdout as AsyncIterable<Buffer>) {
    passed += chunk.length;
    if (chunks++ % LOOK_EVERY === 0) {
      const tenth = Math.min(TENTHS - 1, Math.floor((passed / total) * TENTHS));
      largest[tenth] = Math.max(largest[tenth] ?? 0, resident(reader.pid as number));
    }
    if (!reader.stdin.write(chunk)) await once(reader.stdin, 'drain');
  }
  reader.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`the reader ended with ${code}`);
  const rows = largest.map((size, at) => [fixed(((at + 1) / TENTHS) * (passed / 1e9)), fixed(size, 0)]);
  const growth = Math.max(...largest.slice(TENTHS / 2)) / Math.max(...largest.slice(0, TENTHS / 2));
  const last = floor('largest of the second half to that of the first', growth, 1.1, false);
  return `${head}${table(['GB sent', 'largest resident MB until then'], rows)}\n${last}\n`;
};

function resident(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
