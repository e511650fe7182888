/**
 * Whose the addresses of records were when they were recorded.
 *
 * In:    a batch of records, the network over time. Out: for each end its interface, instance, name, VPC, subnet, account, and the service of
 *        AWS whose published range holds the address; the direction where the record does not say it.
 * Holds: the network is that of the record's start. Where two VPCs have an address, it is the one in the VPC of the record's interface; where
 *        that is not known, nobody's. Texts are kept for addresses that come again.
 * Fails: as opening the network of a time does.
 */
import { textsOf } from '../record/columns.ts';
import type { RecordColumns } from '../record/columns.ts';
import { valuesOf } from '../record/values.ts';
import { builtInRanges } from '../record/service-names.ts';
import { Holders } from '../network/vpc/holders.ts';
import type { Address, Interface, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { ModelHistory } from '../storage/state/open-model.ts';
import type { BatchAddresses } from './mappings/document-plan.ts';
import type { Ends, EndTexts, Enrich } from './mappings/documents.ts';

/** The network over time, as much of it as is asked for here. */
export type NetworkOverTime = Pick<ModelHistory, 'at' | 'versions'>;

/** A network, and what was found out about it. */
type Known = {
  readonly holders: Holders;
  readonly interfaces: readonly Interface[];
  readonly byId: ReadonlyMap<string, Interface>;
  readonly vpcs: ReadonlyMap<string, number>;
  readonly texts: Map<string, End>;
};
/** `holder`: number of the interface, 0 none. */
type End = { readonly text: string; readonly holder: number };

/** Networks of different times that are kept; batches are of few minutes. */
const MOST_KNOWN = 4;
/** Addresses whose texts are kept, for each network. */
const MOST_TEXTS = 50_000;
const NOBODY: End = { text: '', holder: 0 };

/**
 * Makes the function that tells of ends.
 *
 * @param network  null: only services of AWS are told
 */
export function enrichWith(network: NetworkOverTime | null): Enrich {
  const known = new Map<number, Known>();
  const services = new Map<string, End>();

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

  return (batch, source, destination) => {
    if (network === null) {
      const none: EndTexts = { texts: [], column: null };
      const told = (own: BatchAddresses | null): EndTexts =>
        own === null
          ? none
          : {
              texts: own.texts.map((text, at) => serviceEnd(services, text, own.addresses[at] ?? null).text),
              column: null,
            };
      return { source: told(source), destination: told(destination), directions: null };
    }
    const { groups, group } = groupsOf(batch, network, knownAt);
    return endsIn(batch, source, destination, groups, group);
  };
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
  const numbers = new Map<number, number>();
  const group = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const at = seconds[row]! < 0 ? last : seconds[row]!;
    // Batches in which nothing changes are all but a few.
    const version = changes.length === 0 ? 0 : changes.findLastIndex((change) => change <= at) + 1;
    const [eni, vpc] = [own.at(row), vpcs.at(row)];
    const key = (version * (own.texts.length + 1) + eni + 1) * (vpcs.texts.length + 1) + vpc + 1;
    let number = numbers.get(key);
    if (number === undefined) {
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
    const read = valuesOf(column);
    for (let row = 0; row < batch.rows; row++) {
      const value = read(row);
      if (typeof value === 'bigint') seconds[row] = Number(value);
    }
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
  const of = (own: BatchAddresses | null): { ends: EndTexts; holders: Int32Array } => {
    const holders = new Int32Array(batch.rows);
    if (own === null || groups.length === 0) return { ends: { texts: [], column: null }, holders };
    const made = new Map<number, number>();
    const texts: string[] = [];
    const found: End[] = [];
    const column = new Int32Array(batch.rows);
    for (let row = 0; row < batch.rows; row++) {
      const address = own.column[row]!;
      column[row] = -1;
      if (address < 0) continue;
      const number = group === null ? 0 : group[row]!;
      const key = address * groups.length + number;
      let at = made.get(key);
      if (at === undefined) {
        const { known, vpc } = groups[number]!;
        const end = endOf(known, vpc, own.texts[address]!, own.addresses[address] ?? null);
        at = found.push(end) - 1;
        texts.push(end.text);
        made.set(key, at);
      }
      column[row] = at;
      holders[row] = found[at]!.holder;
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
    texts: new Map(),
  };
}

function endOf(known: Known, vpc: number, text: string, address: Address | null): End {
  if (address === null) return NOBODY;
  const key = `${vpc} ${text}`;
  const found = known.texts.get(key);
  if (found !== undefined) return found;
  const holder = holderOf(known, vpc, address);
  const one = known.interfaces[holder];
  const end = { holder, text: endText(holder === 0 ? undefined : one, serviceOf(address)) };
  if (known.texts.size >= MOST_TEXTS) known.texts.clear();
  known.texts.set(key, end);
  return end;
}

/** In the VPC where it is known; else the only one there is. */
function holderOf({ holders }: Known, vpc: number, { family, words }: Address): number {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  if (vpc !== 0) {
    const own = holders.inVpc(vpc, family, w0, w1, w2, w3);
    if (own !== 0) return own;
  }
  const link = holders.find(family, w0, w1, w2, w3);
  return link !== 0 && holders.next[link] === 0 ? holders.interfaceOf[link]! : 0;
}

function serviceOf({ family, words }: Address): string {
  const [w0 = 0, w1 = 0, w2 = 0, w3 = 0] = words;
  const ranges = builtInRanges();
  return ranges.names[ranges.lookup(family, w0, w1, w2, w3)] ?? '';
}

function serviceEnd(services: Map<string, End>, text: string, address: Address | null): End {
  if (address === null) return NOBODY;
  const found = services.get(text);
  if (found !== undefined) return found;
  const service = serviceOf(address);
  const end = service === '' ? NOBODY : { holder: 0, text: endText(undefined, service) };
  if (services.size >= MOST_TEXTS) services.clear();
  services.set(text, end);
  return end;
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
