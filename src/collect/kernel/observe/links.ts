/**
 * The devices of a network namespace by the numbers that the kernel's tables name them by.
 *
 * In:    /sys/class/net. Out: name and number of each device, and how many packets it has received and sent.
 * Holds: a device that goes while it is read is left out. Numbers are those of the namespace of this process.
 * Fails: never; where there is no /sys/class/net there are none.
 */
import { readdirSync, readFileSync } from 'node:fs';

const SYS = '/sys/class/net';

export type Link = {
  readonly index: number;
  readonly name: string;
  /** Since the device was made; whatever it was, ARP too. */
  readonly received: number;
  readonly sent: number;
};

/** Reads the devices as they are now. */
export function listLinks(): Link[] {
  let names: string[];
  try {
    names = readdirSync(SYS);
  } catch {
    return [];
  }
  return names.flatMap((name) => {
    const number = (path: string): number => Number(readFileSync(`${SYS}/${name}/${path}`, 'latin1'));
    try {
      const index = number('ifindex');
      return [{ index, name, received: number('statistics/rx_packets'), sent: number('statistics/tx_packets') }];
    } catch {
      return [];
    }
  });
}

/** Packets of each device since another look at them. */
export function grownSince(
  before: readonly Link[],
  links: readonly Link[],
): { readonly name: string; readonly received: number; readonly sent: number }[] {
  return links.map(({ index, name, received, sent }) => {
    const was = before.find((link) => link.index === index && link.name === name);
    return { name, received: received - (was?.received ?? 0), sent: sent - (was?.sent ?? 0) };
  });
}

/** Which interface of the model each device is, while devices come and go. */
export class LinkTable {
  #links: readonly Link[] = [];
  /** By name of a device; one that has gone from the model is kept until its packets are told. */
  #tied = new Map<string, number>();
  #gone: string[] = [];

  /** Takes the devices as they are at the end of a generation. `nameOf` gives the name that a number had all through it. */
  turn(links: readonly Link[]): { nameOf: (index: number) => string | null } {
    const before = new Map(this.#links.map(({ index, name }) => [index, name]));
    const now = new Map(links.map(({ index, name }) => [index, name]));
    this.#links = links;
    return {
      nameOf(index) {
        const [was, is] = [before.get(index), now.get(index)];
        // Given to another device in between: whose packets they are is not known.
        if (was !== undefined && is !== undefined && was !== is) return null;
        return is ?? was ?? null;
      },
    };
  }

  /** Takes what the model says from now on. */
  tie(ties: ReadonlyMap<number, string>): void {
    const tied = new Map([...ties].map(([at, name]) => [name, at]));
    for (const [name, at] of this.#tied)
      if (!tied.has(name)) {
        tied.set(name, at);
        this.#gone.push(name);
      }
    this.#gone = this.#gone.filter((name) => ![...ties.values()].includes(name));
    this.#tied = tied;
  }

  /** What had gone from the model before a generation began can have no packets after it. */
  forgetGone(): void {
    for (const name of this.#gone) this.#tied.delete(name);
    this.#gone = [];
  }

  /** The number of the interface that a device is; 0 where it is none. */
  interfaceOf(name: string | null): number {
    return name === null ? 0 : (this.#tied.get(name) ?? 0);
  }
}
