/**
 * Ties interfaces to devices of this host and of those on which agents run, and unties them.
 *
 * In:    a state file; an interface, a device. Out: what is tied.
 * Holds: one transaction with its audit row; a process that runs on the file reads it with its next look. Only interfaces
 *        of accounts that are kept here can be tied. A device need not be there yet.
 * Fails: FG_DEVICE_NAME, FG_DEVICE_IN_RULES, FG_HOST_NAME, FG_ATTACH_*, FG_DETACH_NOTHING; FG_STATE_*.
 */
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { canStandInRules } from '../collect/privileged/nft-script.ts';
import { failure } from '../model/errors.ts';
import { openAudit } from '../storage/state/audit.ts';
import { openCurrentFacts } from '../storage/state/current-facts.ts';
import { openDevices } from '../storage/state/devices.ts';
import type { TiedDevice } from '../storage/state/devices.ts';
import type { StateFile } from '../storage/state/state-file.ts';
import { isHostName } from './host-name.ts';

/** Where Linux lists its devices. */
const DEVICES = '/sys/class/net';
/** As the kernel takes them: at most 15 bytes, no slash, colon or blank. */
const NAME = /^(?!\.{1,2}$)[^\s/:\p{Cc}]{1,15}$/u;

/** What was tied. `present` is whether the host has the device now; null where that cannot be seen, as on another host. */
export type Attached = TiedDevice & { readonly present: boolean | null };

/**
 * Ties an interface to a device.
 *
 * @param host  of whose agent; null: this one
 */
export function attachDevice(
  state: StateFile,
  interfaceId: string,
  device: string,
  now: Date,
  host: string | null = null,
): Attached {
  if (!NAME.test(device) || Buffer.byteLength(device) > 15) throw failure('FG_DEVICE_NAME', device);
  // One such device would keep the rules of all others from the kernel.
  if (!canStandInRules(device)) throw failure('FG_DEVICE_IN_RULES', device);
  if (host !== null && !isHostName(host)) throw failure('FG_HOST_NAME', host);
  const tied = change(state, 'AttachDevice', interfaceId, now, (found, atMicros) => {
    for (const other of openDevices(state).list())
      if ((other.host === host && other.device === device) || other.interfaceId === interfaceId)
        throw failure(
          'FG_ATTACH_TAKEN',
          other.host === null ? other.device : `${other.device} of ${other.host}`,
          other.interfaceId,
        );
    const made = { host, device, interfaceId, ...found };
    openDevices(state).add(made, atMicros);
    return made;
  });
  return { ...tied, present: host === null && existsSync(DEVICES) ? existsSync(join(DEVICES, device)) : null };
}

/** Unties an interface. */
export function detachDevice(state: StateFile, interfaceId: string, now: Date): TiedDevice {
  return change(state, 'DetachDevice', interfaceId, now, () => {
    const tied = openDevices(state)
      .list()
      .find((one) => one.interfaceId === interfaceId);
    if (tied === undefined) throw failure('FG_DETACH_NOTHING', interfaceId);
    openDevices(state).remove(interfaceId);
    return tied;
  });
}

type Place = { readonly account: string; readonly region: string };

function change(
  state: StateFile,
  action: 'AttachDevice' | 'DetachDevice',
  interfaceId: string,
  now: Date,
  work: (place: Place, atMicros: number) => TiedDevice,
): TiedDevice {
  const facts = openCurrentFacts(state);
  const done: TiedDevice[] = [];
  facts.change(
    now.getTime() * 1000,
    () => {
      const found = facts.find('NetworkInterfaces', interfaceId);
      if (found === undefined) throw failure('FG_ATTACH_INTERFACE', interfaceId);
      if (!facts.isOwn(found.account)) throw failure('FG_ATTACH_ACCOUNT', interfaceId, found.account);
      return { account: found.account, region: found.region };
    },
    (place, _, atMicros) => {
      const tied = work(place, atMicros);
      openAudit(state).add({
        atMicros,
        ...place,
        principal: `flowgauge ${action === 'AttachDevice' ? 'attach' : 'detach'}`,
        action,
        requestId: randomUUID(),
        parameters: {
          NetworkInterfaceId: interfaceId,
          Device: tied.device,
          ...(tied.host === null ? {} : { Host: tied.host }),
        },
        changes: [{ ...place, kind: 'NetworkInterfaces', id: interfaceId, became: 'changed' }],
      });
      done.push(tied);
    },
  );
  return done[0]!;
}
