/**
 * pipe: whole packets through a pipe, and the memory of the reader while they pass.
 *
 * In:    the generator's stdout. Out: a table of resident memory at each tenth of the way.
 * Holds: `--long` sends 10 GB; without it 1 GB. Memory after the first tenth may not grow by more than a tenth.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

import { captureCommand } from '../flowgauge.ts';
import { NODE, ROOT, generatorArguments } from '../inputs.ts';
import { fixed, floor, heading, table } from '../report.ts';
import type { Row } from './row.ts';

/** What a packet with its header takes in the file, on average. */
const BYTES_PER_PACKET = 323;
const TENTHS = 10;

export const pipe: Row = async ({ long, bursty, command }) => {
  const packets = Math.ceil((long ? 10e9 : 1e9) / BYTES_PER_PACKET);
  const head = heading(`pipe: ${long ? 10 : 1} GB through a pipe`, command);
  const spec = { packets, snap: 0, seconds: Math.ceil(packets / 5000), bursty };
  const sender = spawn(NODE, generatorArguments(spec, '-', null), { stdio: ['ignore', 'pipe', 'pipe'], cwd: ROOT });
  const [program, ...args] = [...captureCommand(), '-r', '-'];
  const reader = spawn(program, args, { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = new Promise<number | null>((resolve, reject) => reader.on('close', resolve).on('error', reject));
  const rows: string[][] = [];
  const sizes: number[] = [];
  let passed = 0;
  const total = packets * BYTES_PER_PACKET;
  for await (const chunk of sender.stdout as AsyncIterable<Buffer>) {
    passed += chunk.length;
    if (passed >= ((rows.length + 1) / (TENTHS + 1)) * total && rows.length < TENTHS) {
      const size = resident(reader.pid as number);
      sizes.push(size);
      rows.push([fixed(passed / 1e9), fixed(size, 0)]);
    }
    if (!reader.stdin.write(chunk)) await drained(reader.stdin);
  }
  reader.stdin.end();
  const code = await ended;
  if (code !== 0) throw new Error(`the reader ended with ${code}`);
  const growth = Math.max(...sizes) / (sizes[0] ?? Number.NaN);
  return `${head}${table(['GB sent', 'resident MB'], rows)}\n${floor('largest to that of the first tenth', growth, 1.1, false)}\n`;
};

function drained(stream: NodeJS.WritableStream): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.once('drain', resolve);
    stream.once('error', reject);
  });
}

function resident(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;
}
