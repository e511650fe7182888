/**
 * Whether live traffic may be captured here, and what it takes.
 *
 * In:    nothing. Out: null, or one line that says what to install or to grant; the needs that `doctor` prints.
 * Holds: it is tried, not guessed: tcpdump is started as a capture would be and ended as soon as it listens. No packet is kept.
 * Fails: never.
 */
import { spawn } from 'node:child_process';
import { userInfo } from 'node:os';
import type { Need, NeedFound } from '../../model/needs.ts';
import { cannotChangeUser, isListening, reasonIn, tcpdumpArguments, tcpdumpPath } from './tcpdump-process.ts';

const PATIENCE_MILLIS = 5000;
const INSTALL = 'sudo apt-get install -y tcpdump';

type Trial = { readonly why: null } | { readonly why: string; readonly get: string };

/** Null: capturing works. Else one line for people: why it does not, and the command that helps. */
export async function mayCapture(): Promise<string | null> {
  const { askParent } = await import('./capture-side.ts');
  return askParent(tryHere);
}

/** As `mayCapture`, with the rights of this process. */
export async function tryHere(): Promise<string | null> {
  const trial = await tryCapture();
  return trial.why === null ? null : `${trial.why}; ${trial.get}`;
}

/** What live capture needs of the machine. */
export const needs: readonly Need[] = [
  {
    name: 'tcpdump',
    gives: 'live capture',
    neededFor: ['up', 'capture', 'tests'],
    look: async (): Promise<NeedFound> => {
      const path = tcpdumpPath();
      if (path === null) return { met: false, found: 'not found', get: INSTALL };
      return { met: true, found: path, get: null };
    },
  },
  {
    name: 'permission to capture',
    gives: 'live capture',
    neededFor: ['up', 'capture', 'tests'],
    look: async (): Promise<NeedFound> => {
      const trial = await tryCapture();
      if (trial.why === null) return { met: true, found: `${userName()} may capture on every device`, get: null };
      return { met: false, found: trial.why, get: trial.get };
    },
  },
];

async function tryCapture(): Promise<Trial> {
  if (process.platform !== 'linux') {
    return {
      why: `live capture needs Linux, and this is ${process.platform}`,
      get: 'read a capture file with `flowgauge capture -r FILE`',
    };
  }
  const program = tcpdumpPath();
  if (program === null) return { why: 'tcpdump is not installed', get: INSTALL };
  let words = await listen(program, false);
  if (words !== null && cannotChangeUser(words)) words = await listen(program, true);
  if (words === null) return { why: null };
  if (/permi/i.test(words)) {
    return {
      why: `${userName()} may not capture`,
      get: 'run with sudo, or allow your group to use tcpdump: three commands in README.md, "Capturing without root"',
    };
  }
  return { why: `tcpdump cannot capture: ${reasonIn(words)}`, get: '`tcpdump -i any` shows the same' };
}

/** Null when tcpdump listened, else what it said. */
function listen(program: string, keepRoot: boolean): Promise<string | null> {
  const { promise, resolve } = Promise.withResolvers<string | null>();
  const tcpdump = spawn(program, tcpdumpArguments({ devices: 'any', snapLength: 64 }, keepRoot), {
    stdio: ['ignore', 'ignore', 'pipe'],
    detached: true,
    env: { PATH: '/usr/sbin:/usr/bin:/sbin:/bin', LC_ALL: 'C' },
  });
  const patience = setTimeout(() => tcpdump.kill('SIGKILL'), PATIENCE_MILLIS);
  let words = '';
  let listened = false;
  tcpdump.stderr.setEncoding('utf8').on('data', (text: string) => {
    words += text;
    if (listened || !isListening(words)) return;
    listened = true;
    tcpdump.kill('SIGTERM');
  });
  tcpdump.on('error', (error) => {
    clearTimeout(patience);
    resolve(String(error));
  });
  tcpdump.on('close', () => {
    clearTimeout(patience);
    resolve(listened ? null : words);
  });
  return promise;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
