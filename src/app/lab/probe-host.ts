/**
 * The end of a proof on a host of a lab, as whoever proves has it.
 *
 * In:    a lab, a host, what to count. Out: calls of the process that runs there.
 * Holds: the process runs in the host's namespace; when it is ended, or we are, it takes its counters away.
 * Fails: FG_PROVE_FAILED with what the host said.
 */
import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { failure } from '../../model/errors.ts';
import type { FromProbe, ProbePacket, ProbeTask, ToProbe } from './probe.ts';
import type { RunningLab } from './sandbox.ts';
import { onHost, pathOfLab } from './sandbox.ts';

const PROGRAM = fileURLToPath(new URL('probe.ts', import.meta.url));

export type Probe = {
  /** Whether it answers itself. */
  readonly ready: Promise<boolean>;
  send(packet: ProbePacket): Promise<void>;
  /** Packets so far. */
  count(): Promise<{ readonly left: number; readonly came: number }>;
  end(): void;
};

/** Starts it. */
export function startProbe(lab: RunningLab, host: string, task: ProbeTask, signal: AbortSignal): Probe {
  const [program = '', ...words] = onHost(lab, host, [process.execPath, PROGRAM, JSON.stringify(task)]);
  const child = spawn(program, words, {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, PATH: pathOfLab() },
  });
  let said = '';
  child.stderr!.setEncoding('utf8').on('data', (text: string) => (said += text));
  let waiting: PromiseWithResolvers<FromProbe> | null = Promise.withResolvers<FromProbe>();
  let broken: Error | null = null;
  const fail = (why: string): void => {
    broken ??= failure('FG_PROVE_FAILED', host, why);
    waiting?.reject(broken);
  };
  child.on('message', (told: FromProbe) => (told.is === 'failed' ? fail(told.why) : waiting?.resolve(told)));
  child.on('error', (error) => fail(error.message));
  child.on('exit', (code) => fail(said.trim() || `it ended with ${String(code)}`));
  const end = (): void => {
    if (child.connected) child.disconnect();
  };
  signal.addEventListener('abort', () => {
    fail('it was stopped');
    end();
  });
  const first = waiting.promise;
  const ask = (asked: ToProbe): Promise<FromProbe> => {
    waiting = Promise.withResolvers<FromProbe>();
    if (broken === null) child.send(asked, () => {});
    else waiting.reject(broken);
    return waiting.promise;
  };
  const ready = first.then((told) => told.is === 'ready' && told.answers);
  // Whoever waits for the other end first is told by that.
  ready.catch(() => {});
  return {
    ready,
    async send(packet) {
      await ask({ do: 'send', packet });
    },
    async count() {
      const told = await ask({ do: 'count' });
      return told.is === 'counted' ? { left: told.left, came: told.came } : { left: 0, came: 0 };
    },
    end,
  };
}
