/**
 * Keeps a collector at what the facts say.
 *
 * In:    the control plane of a data directory, the settings of `up`, the devices of this host. Out: the network now, and each
 *        one after it.
 * Holds: a change through the API is told at once, or a little later where many come; what another process
 *        has written, and devices that come and go, within a second. The devices' facts are written before they are told.
 * Fails: at the start, with FG_STATE_*, FG_MODEL_*; later a change that fails is a problem, and the next look tries again.
 */
import { listDevices } from '../../collect/capture/devices.ts';
import { HOST_ACCOUNT } from '../../control/keys.ts';
import type { Config } from '../config.ts';
import type { Network } from '../collector/coverage.ts';
import { hostVpcId } from '../collector/host-model.ts';
import type { Control } from './control.ts';
import type { DataDirectory } from './data-directory.ts';
import type { HostFactsOptions } from './host-facts.ts';
import { makeFirstFlowLog, writeHostFacts } from './host-facts.ts';
import { followNetwork } from './network.ts';

const LOOK_MILLIS = 1000;
const APART_MILLIS = 100;
/** So much longer than a look takes the next one waits. */
const REST = 4;

export type SteerOptions = {
  readonly directory: DataDirectory;
  readonly config: Config;
  readonly format: string;
};

/** `names`: the devices that are interfaces; null where they are as before. */
export type Steered = { readonly network: Network; readonly names: readonly string[] | null };

export type Steering = { readonly first: Steered; end(): void };

/** Where the settings name none. */
const REGION = 'us-east-1';

/** Whose the host is. */
export function placeOf({ accountId, region }: Config): { readonly accountId: string; readonly region: string } {
  return { accountId: accountId ?? HOST_ACCOUNT, region: region ?? REGION };
}

/**
 * Begins.
 *
 * @param problem  told when a change could not be followed
 * @param tell     told of each network after the first
 */
export function steer(
  { state, facts, audit, ec2 }: Control,
  { directory, config, format }: SteerOptions,
  problem: (error: unknown) => void,
  tell: (steered: Steered) => void,
): Steering {
  const { hostId } = directory;
  const options: HostFactsOptions = { ...placeOf(config), hostId, facts, audit, now: () => new Date() };
  const keep = (devices: Parameters<typeof writeHostFacts>[1]) => writeHostFacts(options, devices);
  const follower = followNetwork({ state, facts, vpcId: hostVpcId(hostId), keep });
  let names = '';
  const look = (): Steered[] =>
    follower.look(listDevices(), Date.now() * 1000).map((network) => {
      const now = network.devices.map(([name]) => name);
      const isSame = names === now.join(' ');
      names = now.join(' ');
      return { network, names: isSame ? null : now };
    });
  const local = {
    type: 's3',
    bucket: 'local',
    prefix: '',
    fileFormat: 'plain-text',
    hive: false,
    hourly: false,
  } as const;
  const made = look();
  makeFirstFlowLog(options, { format, destination: config.destination ?? local });
  const first = { network: [...made, ...look()].at(-1)!.network, names: made[0]?.names ?? null };

  let nextMillis = 0;
  let told = '';
  let soon: NodeJS.Timeout | null = null;
  const follow = (): void => {
    soon = null;
    const from = performance.now();
    try {
      look().forEach(tell);
      told = '';
    } catch (error) {
      // The next look tries again; that it fails the same way is no news.
      if (String(error) !== told) problem(error);
      told = String(error);
    }
    const now = performance.now();
    // A large network takes its time, and requests are answered in the same thread.
    nextMillis = now + Math.max(APART_MILLIS, REST * (now - from));
  };
  const off = ec2.onChange(() => {
    soon ??= setTimeout(follow, Math.max(0, nextMillis - performance.now()));
  });
  const timer = setInterval(() => {
    if (soon === null && performance.now() >= nextMillis) follow();
  }, LOOK_MILLIS);
  return {
    first,
    end() {
      off();
      clearInterval(timer);
      if (soon !== null) clearTimeout(soon);
    },
  };
}
