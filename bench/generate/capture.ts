/**
 * Command line of the capture generator, and of the model that belongs to the capture.
 *
 *   bin/node bench/generate/capture.ts --packets 3000000 --seed 1 --snap 96 --out A.pcap [--bursty] [--seconds 600]
 *                                      [--vpc MODEL.json]
 *
 * In:    options. Out: a pcap file (`--out -` is stdout) and, with `--vpc`, the model whose interfaces hold its addresses;
 *        one line of JSON on stderr says what was made.
 * Fails: exit 2 for a wrong command line; ends quietly when the reader of stdout has gone.
 */
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';

import { benchModel } from './model.ts';
import { benchNetwork } from './network.ts';
import { writeTraffic } from './packets.ts';

const { values } = parseArgs({
  options: {
    packets: { type: 'string', default: '3000000' },
    seed: { type: 'string', default: '1' },
    snap: { type: 'string', default: '96' },
    seconds: { type: 'string', default: '600' },
    bursty: { type: 'boolean', default: false },
    out: { type: 'string' },
    vpc: { type: 'string' },
  },
});

function whole(name: 'packets' | 'seed' | 'snap' | 'seconds', least: number): number {
  const number = Number(values[name]);
  if (!Number.isSafeInteger(number) || number < least) wrong(`--${name} takes a whole number from ${least} on`);
  return number;
}

function wrong(what: string): never {
  process.stderr.write(`capture: ${what}\n`);
  process.exit(2);
}

/** Writes all of it; a pipe that is full is waited for. */
function writeAll(fd: number, bytes: Uint8Array): void {
  const nap = new Int32Array(new SharedArrayBuffer(4));
  for (let from = 0; from < bytes.length;) {
    try {
      from += writeSync(fd, bytes, from);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code;
      if (code === 'EPIPE') process.exit(0);
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(nap, 0, 0, 1);
    }
  }
}

const out = values.out ?? wrong('--out FILE is missing');
const seed = whole('seed', 0);
const network = benchNetwork(seed);
if (values.vpc !== undefined) writeFileSync(values.vpc, JSON.stringify(benchModel(network)));
const fd = out === '-' ? 1 : openSync(out, 'w');
const summary = writeTraffic(
  network,
  {
    packets: whole('packets', 1),
    seed,
    snapLength: whole('snap', 0),
    bursty: values.bursty,
    seconds: whole('seconds', 1),
  },
  (chunk) => writeAll(fd, chunk),
);
if (fd !== 1) closeSync(fd);
process.stderr.write(`${JSON.stringify(summary)}\n`);
