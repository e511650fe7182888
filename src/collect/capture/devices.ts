/**
 * The devices of this host.
 *
 * In:    /sys/class/net and what the system says about addresses. Out: a list, by kernel index.
 * Holds: a device that goes while it is read is left out. Aliases (`eth0:1`) belong to their device.
 * Fails: never; where there is no /sys/class/net there are the devices that have addresses.
 */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { basename } from 'node:path';

const SYS = '/sys/class/net';

export type HostAddress = { readonly family: 4 | 6; readonly address: string; readonly prefixLength: number };

export type HostDevice = {
  readonly name: string;
  /** 0 where not known. */
  readonly ifindex: number;
  /** Lower-case, colons; null where it has none, or zeros. */
  readonly mac: string | null;
  /** As the system orders them; IPv6 without zone. */
  readonly addresses: readonly HostAddress[];
  /** The bridge (or bond, or VRF) it is a port of; null where it is none. */
  readonly bridge: string | null;
  readonly loopback: boolean;
};

/** Reads the devices as they are now. */
export function listDevices(): HostDevice[] {
  const addresses = addressesByDevice();
  let names: string[];
  try {
    names = readdirSync(SYS);
  } catch {
    names = [...addresses.keys()];
  }
  const devices = names.map((name) => readDevice(name, addresses.get(name) ?? []));
  return devices.filter((device) => device !== null).sort((a, b) => a.ifindex - b.ifindex);
}

function readDevice(name: string, addresses: readonly HostAddress[]): HostDevice | null {
  const ifindex = Number(attribute(name, 'ifindex') ?? (addresses.length > 0 ? 0 : Number.NaN));
  if (Number.isNaN(ifindex)) return null;
  const mac = (attribute(name, 'address') ?? '').toLowerCase();
  const flags = Number(attribute(name, 'flags') ?? 0);
  return {
    name,
    ifindex,
    mac: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(mac) && mac !== '00:00:00:00:00:00' ? mac : null,
    addresses,
    bridge: master(name),
    loopback: (flags & 8) !== 0 || name === 'lo',
  };
}

function attribute(name: string, of: string): string | null {
  try {
    return readFileSync(`${SYS}/${name}/${of}`, 'utf8').trim();
  } catch {
    return null;
  }
}

function master(name: string): string | null {
  try {
    return basename(readlinkSync(`${SYS}/${name}/master`));
  } catch {
    return null;
  }
}

function addressesByDevice(): Map<string, HostAddress[]> {
  const found = new Map<string, HostAddress[]>();
  for (const [alias, infos] of Object.entries(networkInterfaces())) {
    const name = alias.split(':')[0]!;
    const list = found.get(name) ?? [];
    for (const { family, address, cidr } of infos ?? []) {
      const prefixLength = Number(cidr?.split('/')[1] ?? (family === 'IPv4' ? 32 : 128));
      list.push({ family: family === 'IPv4' ? 4 : 6, address: address.split('%')[0]!, prefixLength });
    }
    found.set(name, list);
  }
  return found;
}
