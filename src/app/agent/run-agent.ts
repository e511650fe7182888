/**
 * `flowgauge agent`: this host's traffic to flow logs, as a server on another host assigns it.
 *
 * In:    a data directory, a server, a key. Out: events for whoever shows them; the exit code.
 * Holds: the collector is that of `up`: records go from here to their destinations, and the server sees none. It runs on
 *        without the server, and starts without it once it has had an assignment.
 * Fails: with the error of the part that failed; what was not published is in the spool.
 */
import { join } from 'node:path';
import { leaveParent } from '../../collect/privileged/capture-side.ts';
import { onStopSignals } from '../collector/stop-signals.ts';
import { CONFIG_FILE, observeOf, readConfig } from '../config.ts';
import type { LogSettings } from '../log.ts';
import { logSettingsOf } from '../log.ts';
import { openDataDirectory } from '../server/data-directory.ts';
import { runHost } from '../server/host.ts';
import { createStanding } from '../server/standing.ts';
import type { UpEvent } from '../server/up.ts';
import { keySource } from './agent-key.ts';
import { followServer } from './follow-server.ts';
import { openLink } from './server-link.ts';
import { VERSION } from '../version.ts';

export type AgentOptions = {
  readonly dataDirectory: string;
  readonly server: string;
  readonly keyFile: string | undefined;
  readonly ca: string | undefined;
  /** Plain HTTP to other hosts. */
  readonly allowHttp: boolean;
  readonly log: LogSettings;
};

/** Name of the key file in the data directory, where none is named. */
const KEY_FILE = 'agent-key';

/** Runs until it is stopped. */
export async function runAgent(options: AgentOptions, show: (event: UpEvent) => void | Promise<void>): Promise<number> {
  const source = keySource(options.keyFile, join(options.dataDirectory, KEY_FILE), process.env);
  let key = source.read();
  const link = openLink({
    url: options.server,
    ca: options.ca,
    allowHttp: options.allowHttp,
    // Another key in the file is taken at once; one that cannot be read any more is used as it was.
    key: () => {
      try {
        key = source.read();
      } catch {
        // The server says whether it is still good.
      }
      return key;
    },
  });
  const directory = openDataDirectory(options.dataDirectory);
  const { promise: asked, resolve: stop } = Promise.withResolvers<void>();
  const off = onStopSignals(stop);
  const standing = createStanding();
  try {
    const settings = await readConfig(join(directory.path, CONFIG_FILE));
    const observe = observeOf(process.env['FLOWGAUGE_OBSERVE'], 'FLOWGAUGE_OBSERVE') ?? settings.observe;
    const config = { ...settings, observe };
    await show({
      kind: 'settings',
      log: { format: 'text', level: 'info', ...config.log, ...logSettingsOf(process.env), ...options.log },
    });
    const steer = followServer({ link, directory: directory.path, standing, program: VERSION, show });
    return await runHost({ directory, config, standing, asks: false }, () => Promise.resolve(steer), asked, show);
  } finally {
    off();
    directory.release();
    leaveParent();
  }
}
