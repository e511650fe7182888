/**
 * The inputs of the benchmarks, and the place where they and the outputs lie while a benchmark runs.
 *
 * In:    the name of an input. Out: its file, made by the generator in a directory that is removed at the end.
 * Holds: the directory is on tmpfs where that has room, so that no disk is measured.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const ROOT = join(import.meta.dirname, '..');
export const NODE = join(ROOT, 'bin/node');

export type InputSpec = {
  readonly packets: number;
  /** 0: whole frames. */
  readonly snap: number;
  readonly seconds: number;
  readonly bursty?: boolean;
  readonly seed?: number;
};

/** What the generator says of a file it made. */
export type Input = {
  readonly file: string;
  readonly packets: number;
  readonly ipBytes: number;
  readonly fileBytes: number;
  readonly flows: number;
  /** Packets whose sender is an interface of the model. */
  readonly packetsFromInside: number;
};

/** A: the usual one. B: whole packets. C: more of it. The other two have packets at the same rate, for CPU per packet. */
export const INPUTS: Readonly<Record<string, InputSpec>> = {
  A: { packets: 3_000_000, snap: 96, seconds: 600 },
  B: { packets: 3_000_000, snap: 0, seconds: 600 },
  C: { packets: 12_000_000, snap: 96, seconds: 600 },
  '1M': { packets: 1_000_000, snap: 96, seconds: 200 },
  '50M': { packets: 50_000_000, snap: 96, seconds: 10_000 },
};

/** Makes a directory with room for `bytes`, gives it to `work`, and removes it whatever happens. */
export async function withWorkplace<T>(bytes: number, work: (dir: string) => Promise<T>): Promise<T> {
  const dir = mkdtempSync(join(hasRoom('/dev/shm', bytes) ? '/dev/shm' : tmpdir(), 'flowgauge-bench-'));
  const leave = (): never => {
    rmSync(dir, { recursive: true, force: true });
    process.exit(130);
  };
  process.once('SIGINT', leave).once('SIGTERM', leave);
  try {
    return await work(dir);
  } finally {
    process.off('SIGINT', leave).off('SIGTERM', leave);
    rmSync(dir, { recursive: true, force: true });
  }
}

function hasRoom(dir: string, bytes: number): boolean {
  try {
    const { bavail, bsize } = statfsSync(dir);
    return bavail * bsize > bytes;
  } catch {
    return false;
  }
}

/** Room that a benchmark over an input takes: the file and the outputs of one tool at a time. */
export function roomFor(spec: InputSpec): number {
  return spec.packets * (spec.snap === 0 ? 450 : 220) + 500_000_000;
}

/** Makes an input (and its model) in a directory. */
export function makeInput(dir: string, name: string, spec: InputSpec, model: string | null = null): Input {
  const file = join(dir, `${name}.pcap`);
  const made = spawnSync(NODE, generatorArguments(spec, file, model), { encoding: 'utf8', cwd: ROOT });
  if (made.status !== 0) throw new Error(`generator ended with ${made.status}: ${made.stderr}`);
  return { file, ...(JSON.parse(made.stderr) as Omit<Input, 'file'>) };
}

/** Command line of the generator, without node. */
export function generatorArguments(spec: InputSpec, out: string, model: string | null): string[] {
  const { packets, snap, seconds, seed = 1, bursty = false } = spec;
  const numbers = Object.entries({ packets, snap, seconds, seed }).flatMap(([key, n]) => [`--${key}`, String(n)]);
  const rest = ['--out', out, ...(bursty ? ['--bursty'] : []), ...(model === null ? [] : ['--vpc', model])];
  return [join(ROOT, 'bench/generate/capture.ts'), ...numbers, ...rest];
}

/** First line that a command prints about its version; null where it is not installed. */
export function versionLine(program: string, args: readonly string[], pattern: RegExp): string | null {
  const asked = spawnSync(program, args, { encoding: 'utf8' });
  if (asked.error !== undefined) return null;
  return pattern.exec(`${asked.stdout}\n${asked.stderr}`)?.[1] ?? 'unknown';
}

/** What commit of this repository is measured. */
export function revision(): string {
  try {
    const git = (...args: string[]): string => execFileSync('git', args, { encoding: 'utf8', cwd: ROOT }).trim();
    return git('rev-parse', '--short', 'HEAD') + (git('status', '--porcelain', '--', 'src') === '' ? '' : '+changes');
  } catch {
    return 'unknown';
  }
}
