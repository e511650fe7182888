/**
 * `flowgauge lab exec`: a command on a host of the lab.
 *
 * In:    a host, a command. Out: what the command prints; its exit code, 128 and the signal where one ended it.
 * Holds: it has this terminal; the folder is the one that it was called from.
 * Fails: FG_LAB_NONE, FG_LAB_HOST.
 */
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { hostsOf, labThatRuns, onHost, pathOfLab } from '../app/lab/sandbox.ts';
import { failure, failureFrom } from '../model/errors.ts';

/** Runs it. */
export async function execOnHost(data: string, host: string, command: readonly string[]): Promise<number> {
  const lab = labThatRuns(data);
  const hosts = hostsOf(lab);
  const name = hosts.find((one) => one === host || one === `i-${host}`);
  if (name === undefined) throw failure('FG_LAB_HOST', host, hosts);
  const [program = '', ...words] = onHost(lab, name, command);
  const child = spawn(program, words, { stdio: 'inherit', env: { ...process.env, PATH: pathOfLab() } });
  // The terminal sends these to the command too, and its end is ours.
  for (const signal of ['SIGINT', 'SIGQUIT'] as const) process.on(signal, () => {});
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', (error) => reject(failureFrom(error, 'FG_LAB_COMMAND', program, error.message)));
    child.on('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });
}
