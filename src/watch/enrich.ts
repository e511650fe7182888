/**
 * Whose the addresses of records were when they were recorded.
 *
 * In:    a batch of records, the network over time. Out: for each end its interface, instance, name, VPC, subnet, account, and the service of
 *        AWS whose published range holds the address; the direction where the record does not say it.
 * Holds: the network is that of the record's start. Where two VPCs have an address, it is the one in the VPC of the record's interface; where
 *        that is not known, nobody's. What is known of addresses that come again is kept.
 * Fails: as opening the network of a time does.
 */
import { textsOf } from '../record/columns.ts';
import type { RecordColumns } from '../record/columns.ts';
import { builtInRanges } from '../record/service-names.ts';
import type { AwsRanges } from '../record/service-names.ts';
import { Holders } from '../network/vpc/holders.ts';
import type { Interface, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import { ADDRESS_WORDS } from './mappings/batch-addresses.ts';
import type { BatchAddresses } from './mappings/batch-addresses.ts';
import type { Ends, EndTexts, Enrich } from './mappings/documents.ts';
import { KeyNumbers } from './mappings/key-numbers.ts';

/** The network over time, as much of it as is asked for here. */
export type NetworkOverTime = Pick<ModelHistory, 'at' | 'versions'>;

/** A network, and what was found out about it. */
type Known = {
  readonly holders: Holders;
  readonly interfaces: readonly Interface[];
  readonly byId: ReadonlyMap<string, Interface>;
  readonly vpcs: ReadonlyMap<string, number>;
  /** By VPC and address. */
  readonly ends: Map<number | string, End>;
};
/** `holder`: number of the interface, 0 none. */
type End = { readonly text: string; readonly holder: number };

/** Networks of different times that are kept; batches are of few minutes. */
const MOST_KNOWN = 4;
/** Addresses whose ends are kept, for each network. */
const MOST_ENDS = 50_000;
const NOBODY: End = { text: '', holder: 0 };

/**
 * Makes the function that tells of ends.
 *
 * @param network  null: only services of AWS are told
 */
export function enrichWith(network: NetworkOverTime | null): Enrich {
  const known = new Map<number, Known>();

  function knownAt(seconds: number): Known {
    const snapshot = network!.at(seconds * 1e6);
    const { validFromMicros } = snapshot;
    const found = known.get(validFromMicros);
    if (found !== undefined) return found;
    if (known.size >= MOST_KNOWN) known.delete(known.keys().next().value!);
    const made = lookInto(snapshot);
    known.set(validFromMicros, made);
    return made;
  }

  if (network === null) {
    const told = servicesOf();
    return (_, source, destination) => ({ source: told(source), destination: told(destination), directions: null });
  }
  return (batch, source, destination) => {
    const { groups, group } = groupsOf(batch, network, knownAt);
    return endsIn(batch, source, destination, groups, group);
  };
}

/** Tells the services of AWS alone. */
function servicesOf(): (own: BatchAddresses | null) => EndTexts | null {
  const ranges = builtInRanges();
  let texts: readonly string[] | null = null;
  return (own) => {
    if (own === null) return null;
    texts ??= ranges.names.map((name) => endText(undefined, name));
    const { count, words, column } = own;
    const services = new Int32Array(count);
    for (let at = 0; at < count; at++) services[at] = serviceAt(ranges, words, at * ADDRESS_WORDS);
    const rows = new Int32Array(column.length);
    for (let row = 0; row < rows.length; row++) {
      const at = column[row]!;
      rows[row] = at < 0 ? -1 : services[at]!;
    }
    return { texts, column: rows };
  };
}

/** Number of the service that an address is of, 0 none; `at`: where its words are. */
function serviceAt(ranges: AwsRanges, words: Uint32Array, at: number): number {
  const family = words[at]!;
  return family === 0 ? 0 : ranges.lookup(family, words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!);
}

/** Rows of one network whose interfaces are in one VPC; `vpc` 0 is not known. */
type Group = { readonly known: Known; readonly vpc: number };

/** Which group each row is of; null where there is one. */
function groupsOf(
  batch: RecordColumns,
  network: NetworkOverTime,
  knownAt: (seconds: number) => Known,
): { groups: readonly Group[]; group: Int32Array | null } {
  const { rows } = batch;
  const seconds = startsOf(batch);
  let [first, last] = [Infinity, 0];
  for (let row = 0; row < rows; row++) {
    const at = seconds[row]!;
    if (at < 0) continue;
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  if (first === Infinity) first = last = 0;
  const changes = network.versions(first * 1e6, last * 1e6 + 1).map((micros) => micros / 1e6);
  const [own, vpcs] = [wordsOf(batch, 'interface_id'), wordsOf(batch, 'vpc_id')];
  const groups: Group[] = [];
  const [width, height] = [vpcs.texts.length + 1, own.texts.length + 1];
  const numbers = new KeyNumbers(0, (changes.length + 1) * height * width - 1);
  const group = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = seconds[row]! < 0 ? last : seconds[row]!;
    // Batches in which nothing changes are all but a few.
    const version = changes.length === 0 ? 0 : changes.findLastIndex((change) => change <= at) + 1;
    const [eni, vpc] = [own.at(row), vpcs.at(row)];
    const key = (version * height + eni + 1) * width + vpc + 1;
    let number = numbers.of(key);
    if (number < 0) {
      const known = knownAt(version === 0 ? first : changes[version - 1]!);
      const told = known.byId.get(own.texts[eni] ?? '')?.vpc ?? known.vpcs.get(vpcs.texts[vpc] ?? '') ?? 0;
      number = groups.findIndex((one) => one.known === known && one.vpc === told);
      if (number < 0) number = groups.push({ known, vpc: told }) - 1;
      numbers.set(key, number);
    }
    group[row] = number;
  }
  return { groups, group: groups.length === 1 ? null : group };
}

/** Seconds of each record's start, else its end; -1 where it has neither. */
function startsOf(batch: RecordColumns): Float64Array {
  const seconds = new Float64Array(batch.rows).fill(-1);
  for (const name of ['end', 'start']) {
    const column = batch.columns.find((one) => one.name === name);
    if (column === undefined) continue;
    const { data, valid, type } = column;
    if (type !== 'i64') continue;
    const words = new Uint32Array(data.buffer, data.byteOffset, batch.rows * 2);
    for (let row = 0; row < batch.rows; row++)
      if (valid === null || (valid[row >> 3]! & (1 << (row & 7))) !== 0)
        seconds[row] = words[row * 2 + 1]! * 2 ** 32 + words[row * 2]!;
  }
  return seconds;
}

/** Distinct texts of a column, and for each row which; -1 none. */
function wordsOf(batch: RecordColumns, name: string): { texts: readonly string[]; at: (row: number) => number } {
  const column = batch.columns.find((one) => one.name === name);
  if (column?.dictionary === undefined || column.dictionary === null) return { texts: [], at: () => -1 };
  const { valid } = column;
  const indexes = new Int32Array(column.data.buffer, column.data.byteOffset, batch.rows);
  const has = (row: number): boolean => valid === null || (valid[row >> 3]! & (1 << (row & 7))) !== 0;
  return { texts: textsOf(column.dictionary), at: (row) => (has(row) ? indexes[row]! : -1) };
}

function endsIn(
  batch: RecordColumns,
  source: BatchAddresses | null,
  destination: BatchAddresses | null,
  groups: readonly Group[],
  group: Int32Array | null,
): Ends {
  const of = (own: BatchAddresses | null): { ends: EndTexts | null; holders: Int32Array } => {
    const holders = new Int32Array(batch.rows);
    if (own === null || groups.length === 0) return { ends: null, holders };
    const made = new KeyNumbers(0, own.count * groups.length - 1);
    const texts: string[] = [];
    const found: number[] = [];
    const column = new Int32Array(batch.rows);
    for (let row = 0; row < batch.rows; row++) {
      const address = own.column[row]!;
      column[row] = -1;
      if (address < 0) continue;
      const number = group === null ? 0 : group[row]!;
      const key = address * groups.length + number;
      let at = made.of(key);
      if (at < 0) {
        const { known, vpc } = groups[number]!;
        const end = endOf(known, vpc, own.words, address * ADDRESS_WORDS);
        found.push(end.holder);
        at = texts.push(end.text) - 1;
        made.set(key, at);
      }
      column[row] = at;
      holders[row] = found[at]!;
    }
    return { ends: { texts, column }, holders };
  };
  const [from, to] = [of(source), of(destination)];
  return {
    source: from.ends,
    destination: to.ends,
    directions: directionsOf(batch, groups, group, from.holders, to.holders),
  };
}

/** Own source is egress, own destination ingress (rule P4), as far as the record's interface is known; null where the record says it. */
function directionsOf(
  batch: RecordColumns,
  groups: readonly Group[],
  group: Int32Array | null,
  from: Int32Array,
  to: Int32Array,
): Int32Array | null {
  if (!batch.columns.some(({ name }) => name === 'interface_id')) return null;
  if (batch.columns.some(({ name }) => name === 'flow_direction')) return null;
  const { texts, at } = wordsOf(batch, 'interface_id');
  const numbers = groups.map(({ known }) => texts.map((id) => known.byId.get(id)?.number ?? 0));
  const directions = new Int32Array(batch.rows).fill(-1);
  for (let row = 0; row < batch.rows; row++) {
    const own = numbers[group === null ? 0 : group[row]!]?.[at(row)] ?? 0;
    if (own === 0) continue;
    if (from[row] === own) directions[row] = 1;
    else if (to[row] === own) directions[row] = 0;
  }
  return directions;
}

function lookInto(snapshot: VpcSnapshot): Known {
  const { interfaces, vpcs } = snapshot;
  return {
    holders: new Holders(snapshot),
    interfaces,
    byId: new Map(interfaces.slice(1).map((one) => [one.id, one])),
    vpcs: new Map(vpcs.slice(1).map((one) => [one.id, one.number])),
    ends: new Map(),
  };
}

/** @param at  where the address is in `words` */
function endOf(known: Known, vpc: number, words: Uint32Array, at: number): End {
  const family = words[at]!;
  if (family === 0) return NOBODY;
  const [w0, w1, w2, w3] = [words[at + 1]!, words[at + 2]!, words[at + 3]!, words[at + 4]!];
  const key = family === 4 ? vpc * 2 ** 32 + w0 : `${vpc} ${w0} ${w1} ${w2} ${w3}`;
  const found = known.ends.get(key);
  if (found !== undefined) return found;
  const holder = holderOf(known, vpc, family, w0, w1, w2, w3);
  const ranges = builtInRanges();
  const service = ranges.names[serviceAt(ranges, words, at)] ?? '';
  const end = { holder, text: endText(holder === 0 ? undefined : known.interfaces[holder], service) };
  if (known.ends.size >= MOST_ENDS) known.ends.clear();
  known.ends.set(key, end);
  return end;
}

/** In the VPC where it is known; else the only one there is. */
function holderOf(
  { holders }: Known,
  vpc: number,
  family: number,
  w0: number,
  w1: number,
  w2: number,
  w3: number,
): number {
  if (vpc !== 0) {
    const own = holders.inVpc(vpc, family, w0, w1, w2, w3);
    if (own !== 0) return own;
  }
  const link = holders.find(family, w0, w1, w2, w3);
  return link !== 0 && holders.next[link] === 0 ? holders.interfaceOf[link]! : 0;
}

function endText(one: Interface | undefined, service: string): string {
  const name = one?.instanceTags['Name'] ?? one?.interfaceTags['Name'];
  const members = {
    ...(one === undefined
      ? {}
      : {
          interface_id: one.id,
          ...(one.instanceId === null ? {} : { instance_id: one.instanceId }),
          ...(name === undefined ? {} : { name }),
          ...(one.vpcId === null ? {} : { vpc_id: one.vpcId }),
          ...(one.subnetId === null ? {} : { subnet_id: one.subnetId }),
          account_id: one.accountId,
        }),
    ...(service === '' ? {} : { aws_service: service }),
  };
  return Object.keys(members).length === 0 ? '' : JSON.stringify(members);
}
