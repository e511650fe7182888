/**
 * Run in a namespace: captures `lo` and reads it more slowly than packets come, so that tcpdump waits for room again and again.
 *
 * In:    a path for the FIFO, how many packets to read. Out: `whole`, or what was found in the place of a packet's header.
 */
import { open } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import { makeFifo, startCapture } from '../../src/collect/privileged/start-capture.ts';

const SNAP_LENGTH = 256;
const FILE_HEADER = 24;
const RECORD_HEADER = 16;
const [, , fifo = '', packets = ''] = process.argv;

await makeFifo(fifo);
const capture = await startCapture({ devices: 'lo', snapLength: SNAP_LENGTH, fifo });
const file = await open(fifo);
const piece = new Uint8Array(4096);
let held = Buffer.alloc(0);
let place = FILE_HEADER;
let found = 'whole';
for (let read = 0; read < Number(packets) && found === 'whole';) {
  const { bytesRead } = await file.read(piece);
  if (bytesRead === 0) throw new Error('the capture ended');
  held = Buffer.concat([held, piece.subarray(0, bytesRead)]);
  while (held.length >= place + RECORD_HEADER) {
    const [micros, kept, length] = [4, 8, 12].map((at) => held.readUInt32LE(place + at)) as [number, number, number];
    if (micros >= 1_000_000 || kept > SNAP_LENGTH || kept > length) {
      found = `after ${read} packets: ${micros} µs, ${kept} of ${length} bytes`;
      break;
    }
    place += RECORD_HEADER + kept;
    read++;
  }
  const whole = Math.min(place, held.length);
  held = held.subarray(whole);
  place -= whole;
  await wait(2);
}
console.log(found);
await capture.stop({ now: true });
await file.close();
