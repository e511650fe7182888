/**
 * Keeps the capabilities of this process to itself: the program is started anew without them, and this process, which
 * does nothing else from then on, captures for it.
 *
 * In:    the command line of this process. Out: the exit code of the program.
 * Holds: for users that a service manager gives capabilities (systemd's `AmbientCapabilities`, `setpriv`): a process cannot
 *        take back what its children would inherit but by starting them so. The program can neither regain capabilities nor
 *        send more than the closed list of commands. Signals are passed on; when the program has gone, so has the capture.
 * Fails: `FG_CAPABILITIES_KEPT` where `setpriv` is not installed.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { failureFrom } from '../../model/errors.ts';
import { PARENT_CAPTURES } from './capture-side.ts';
import { readCommand, type Told } from './commands.ts';
import { tryHere } from './may-capture.ts';
import { NFT_FD } from './nft-wire.ts';
import { WITHOUT_CAPABILITIES } from './run-tcpdump.ts';
import { CaptureServer } from './serve-capture.ts';
import { serveNft } from './serve-nft.ts';

/** Whether this process has capabilities although it is not root, who gives them up by becoming another user. */
export function holdsCapabilities(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() === 0) return false;
  return /^CapPrm:\s*0*[1-9a-f]/mu.test(readFileSync('/proc/self/status', 'utf8'));
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Runs the program without capabilities to its end. */
export async function runWithoutCapabilities(): Promise<number> {
  const [setpriv, ...without] = WITHOUT_CAPABILITIES;
  const program = spawn(setpriv, [...without, process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc', 'pipe'],
    env: { ...process.env, [PARENT_CAPTURES]: '1' },
  });
  const tell = (told: Told, sent: () => void = () => {}): void => {
    if (program.connected) program.send(told, sent);
    else sent();
  };
  const nft = serveNft(program.stdio[NFT_FD] as Socket);
  const over = Promise.withResolvers<void>();
  let hasGone = false;
  const capture = new CaptureServer(tell, () => {
    if (hasGone) over.resolve();
  });
  program.on('message', (message) => {
    if (readCommand(message)?.do !== 'may') capture.command(message);
    else void tryHere().then((why) => tell({ is: 'may', why }));
  });
  for (const signal of SIGNALS) process.on(signal, () => program.kill(signal));
  const code = await new Promise<number>((resolve, reject) => {
    program.on('error', (error) => reject(failureFrom(error, 'FG_CAPABILITIES_KEPT', error.message)));
    program.on('exit', (exitCode) => resolve(exitCode ?? 1));
  });
  hasGone = true;
  capture.abandoned();
  await over.promise;
  // A collector that closes its windows has it run until it is done.
  await nft;
  return code;
}
