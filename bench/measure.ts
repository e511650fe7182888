/**
 * Runs a command and says what it cost.
 *
 * In:    a command. Out: wall time, user and system CPU seconds and peak memory, with its children's, by GNU time.
 * Holds: nothing survives the timeout: the command has its own process group.
 * Fails: when `time` is not installed, when the command takes too long, or ends with another code than it should.
 */
import { spawn } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const TIME = '/usr/bin/time';

export type Command = {
  readonly argv: readonly string[];
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  /** Where stdout goes; without it, it is kept. */
  readonly stdoutFile?: string;
  readonly timeoutSeconds?: number;
};

export type Measurement = {
  readonly wallSeconds: number;
  readonly cpuSeconds: number;
  /** Largest resident size of any one process of the command. */
  readonly peakMegabytes: number;
  readonly stdout: string;
  readonly stderr: string;
};

/** Runs a command once. */
export async function measure(command: Command): Promise<Measurement> {
  const dir = mkdtempSync(join(tmpdir(), 'flowgauge-bench-time-'));
  const report = join(dir, 'time');
  const out = command.stdoutFile === undefined ? 'pipe' : openSync(command.stdoutFile, 'w');
  const timeoutSeconds = command.timeoutSeconds ?? 600;
  try {
    const child = spawn(TIME, ['-q', '-o', report, '-f', '%e %U %S %M', ...command.argv], {
      stdio: ['ignore', out, 'pipe'],
      env: { ...process.env, ...command.env },
      detached: true,
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    }, timeoutSeconds * 1000);
    const code = await new Promise<number | null>((resolve, reject) => {
      child.on('error', (cause) => reject(new Error(`${TIME} does not run; install the package time`, { cause })));
      child.on('close', resolve);
    }).finally(() => clearTimeout(timer));
    const line = command.argv.join(' ');
    if (late) throw new Error(`took longer than ${timeoutSeconds} s and was ended: ${line}`);
    if (code !== 0) throw new Error(`ended with ${code}: ${line}\n${stderr.slice(-2000)}`);
    const [wall = 0, user = 0, system = 0, kilobytes = 0] = readFileSync(report, 'utf8').trim().split(' ').map(Number);
    return { wallSeconds: wall, cpuSeconds: user + system, peakMegabytes: kilobytes / 1024, stdout, stderr };
  } finally {
    if (typeof out === 'number') closeSync(out);
    rmSync(dir, { recursive: true, force: true });
  }
}

/** The middle of some numbers; of an even count the lower of the two. */
export function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[(numbers.length - 1) >> 1] ?? Number.NaN;
}
