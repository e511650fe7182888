/**
 * Which device of which host an interface is.
 *
 * In:    a state file. Out: pairs of devices and interfaces.
 * Holds: an interface is one device and a device of a host one interface. What is written is part of its caller's transaction. A pair
 *        whose interface is no longer there says nothing, and gives way to a new one.
 * Fails: FG_STATE_*.
 */
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';

/** A device and the interface that it is. */
export type TiedDevice = {
  /** Name of the host; null: this one. */
  readonly host: string | null;
  readonly device: string;
  readonly interfaceId: string;
  readonly account: string;
  readonly region: string;
};

export type Devices = {
  /** Those whose interfaces are there, by names of hosts and devices; this host's first. */
  list(): readonly TiedDevice[];
  add(tied: TiedDevice, atMicros: number): void;
  remove(interfaceId: string): void;
};

const THERE = `SELECT host, device, interface, devices.account, devices.region FROM devices
  JOIN facts ON facts.kind = 'NetworkInterfaces' AND facts.account = devices.account AND facts.region = devices.region
    AND facts.item = interface AND known_to = ${FOREVER} AND held_to = ${FOREVER}
  ORDER BY host, device`;

/** The devices of a state file. */
export function openDevices(state: StateFile): Devices {
  const { database } = state;
  const list = database.prepare(THERE);
  return {
    list: () =>
      state.reading(() =>
        list.all().map((row) => ({
          host: row['host'] === '' ? null : String(row['host']),
          device: String(row['device']),
          interfaceId: String(row['interface']),
          account: String(row['account']),
          region: String(row['region']),
        })),
      ),
    add: ({ host, device, interfaceId, account, region }, atMicros) =>
      state.transaction(() => {
        database
          .prepare('DELETE FROM devices WHERE (host = ? AND device = ?) OR interface = ?')
          .run(host ?? '', device, interfaceId);
        database
          .prepare('INSERT INTO devices (host, device, interface, account, region, at) VALUES (?, ?, ?, ?, ?, ?)')
          .run(host ?? '', device, interfaceId, account, region, atMicros);
      }),
    remove: (interfaceId) =>
      state.transaction(() => void database.prepare('DELETE FROM devices WHERE interface = ?').run(interfaceId)),
  };
}
