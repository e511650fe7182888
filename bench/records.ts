/**
 * Adds up records of the default format, to compare with what the generator wrote.
 *
 * In:    a text file with a header line, and the model that was used. Out: sums.
 * Holds: nothing of `src/` is used, so that a fault there is not checked by itself.
 */
import { createReadStream, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';

export type Sums = {
  records: number;
  packets: number;
  bytes: number;
  /** Packets in records of the interface that sent them, and of the one that received them. */
  egress: number;
  ingress: number;
  /** Of the egress ones: accepted, on their way to another interface. */
  toInside: number;
  accepted: number;
  skipped: number;
};

type Described = {
  NetworkInterfaces: {
    NetworkInterfaceId: string;
    PrivateIpAddresses: { PrivateIpAddress: string }[];
    Ipv6Addresses: { Ipv6Address: string }[];
  }[];
};

/** Sums of a file of records. */
export async function sumRecords(file: string, model: string | null): Promise<Sums> {
  const holder = new Map<string, string>();
  if (model !== null) {
    for (const one of (JSON.parse(readFileSync(model, 'utf8')) as Described).NetworkInterfaces) {
      for (const { PrivateIpAddress } of one.PrivateIpAddresses) holder.set(PrivateIpAddress, one.NetworkInterfaceId);
      for (const { Ipv6Address } of one.Ipv6Addresses) holder.set(Ipv6Address, one.NetworkInterfaceId);
    }
  }
  const sums: Sums = { records: 0, packets: 0, bytes: 0, egress: 0, ingress: 0, toInside: 0, accepted: 0, skipped: 0 };
  for await (const line of createInterface({ input: createReadStream(file, { highWaterMark: 1 << 20 }) })) {
    const [, , eni, src = '', dst = '', , , , packets, bytes, , , action, status] = line.split(' ');
    if (status === 'SKIPDATA') sums.skipped++;
    if (status !== 'OK') continue;
    const many = Number(packets);
    sums.records++;
    sums.packets += many;
    sums.bytes += Number(bytes);
    if (action === 'ACCEPT') sums.accepted += many;
    if (model === null) continue;
    if (holder.get(src) === eni) {
      sums.egress += many;
      if (action === 'ACCEPT' && holder.has(dst)) sums.toInside += many;
    } else sums.ingress += many;
  }
  return sums;
}
