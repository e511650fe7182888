/**
 * Fuzzes the decoder of captures: `bin/node test/fuzz/decode.ts --seconds 60 --seed N`, or `--inputs 10000000`.
 * An input is a capture, decoded in pieces and whole, or one of the ten frames that follow each.
 *
 * In:    how long, and a seed (printed; default: the clock). Out: a line every ten seconds; exit 1 when a promise is broken.
 * Holds: begins from every valid capture and every kept seed. An input that breaks a promise is written to
 *        `test/fuzz/seeds/` and stays in the repository. What is still in use after the first tenth must not grow by more
 *        than 16 MB.
 * Fails: with exit 1.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import {
  brokenPromise,
  FrameTwins,
  nextInput,
  Random,
  validCaptures,
} from '../../src/collect/capture/decode/fuzz-captures.ts';

const SEEDS = new URL('seeds/', import.meta.url);
const GROWTH_BYTES = 16e6;
const FRAMES = 10;
const TELL_MILLIS = 10_000;

const { values } = parseArgs({
  options: { seconds: { type: 'string' }, inputs: { type: 'string' }, seed: { type: 'string' } },
});
const seed = Number(values.seed ?? Date.now() % 1_000_000_000);
const most = Number(values.inputs ?? Number.MAX_SAFE_INTEGER);
const millis =
  values.seconds === undefined ? (values.inputs === undefined ? 60_000 : Infinity) : Number(values.seconds) * 1000;

const kept = readdirSync(SEEDS).filter((name) => name.endsWith('.bin'));
const from = [...validCaptures(), ...kept.map((name) => new Uint8Array(readFileSync(new URL(name, SEEDS))))];
const random = new Random(seed);
const twins = new FrameTwins();
// Most hostile captures end with an error, and its stack would be half of the work.
Error.stackTraceLimit = 0;
setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Bytes in use, heap and buffers, garbage left out. */
function bytesInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const started = performance.now();
let told = started;
let inputs = 0;
let settledBytes = 0;
let broken = false;
console.log(`decode: seed ${seed}, beginning from ${from.length} captures`);

while (!broken && inputs < most && performance.now() - started < millis) {
  for (let i = 0; i < 100 && inputs < most; i += 1) {
    const input = nextInput(random, from);
    const promise = brokenPromise(random, input);
    inputs += 1 + FRAMES;
    // A frame costs a twentieth of a capture.
    let frame: string | null = null;
    for (let frames = 0; frames < FRAMES && frame === null; frames += 1) frame = twins.brokenPromise(random);
    if (frame !== null) {
      console.error(`decode: frame ${inputs} of seed ${seed}: ${frame}`);
      broken = true;
      break;
    }
    if (promise === null) continue;
    const name = `decode-${seed}-${inputs}.bin`;
    writeFileSync(new URL(name, SEEDS), input);
    console.error(`decode: input ${inputs} of seed ${seed}: ${promise}\ndecode: kept as test/fuzz/seeds/${name}`);
    broken = true;
    break;
  }
  const now = performance.now();
  const done = Math.max(inputs / most, (now - started) / millis);
  if (settledBytes === 0 && done > 0.1) settledBytes = bytesInUse();
  if (now - told > TELL_MILLIS) {
    told = now;
    console.log(`decode: ${inputs} inputs, ${Math.round(process.memoryUsage.rss() / 1e6)} MB`);
  }
}

const grown = settledBytes === 0 ? 0 : bytesInUse() - settledBytes;
if (grown > GROWTH_BYTES) console.error(`decode: memory grew by ${Math.round(grown / 1e6)} MB`);
const rate = Math.round(inputs / ((performance.now() - started) / 1000));
console.log(`decode: ${inputs} inputs, ${rate} a second, memory grew by ${Math.round(grown / 1e6)} MB`);
process.exitCode = broken || grown > GROWTH_BYTES ? 1 : 0;
