/**
 * The facts of one time, in the shapes in which AWS described them.
 *
 * In:    a state file, the time asked about, and what was known when. Out: the model as `readModel` takes it; the times
 *        at which facts changed; what was learned late.
 * Holds: before the first answer about a kind in an account and region, what that answer said is taken, and
 *        `unknownBefore` says so. Of a thing that two accounts describe its owner's words count. An address of a subnet
 *        is of one interface: of two it is of the one that was attached last by then.
 */
import type { LearnedLate } from '../../api/rejects.ts';
import { beginOf, ownerOf, SINGLE_KIND } from '../../network/vpc/kinds.ts';
import type { Item, PlacedItem } from './current-facts.ts';
import { FOREVER } from './migrations.ts';
import type { StateFile } from './state-file.ts';

/** A time, and what was known by when; `Number.MAX_SAFE_INTEGER` is now, whenever that is. Microseconds since 1970 UTC. */
export type Moment = { readonly atMicros: number; readonly knownAtMicros: number };

/** An account and region that is first told of after the time asked about. */
export type FirstTold = { readonly account: string; readonly region: string; readonly atMicros: number };

export type FactsAt = {
  /** `{ Vpcs: […], … }`; members of items as AWS spells them. */
  readonly model: Readonly<Record<string, readonly unknown[]>>;
  readonly unknownBefore: readonly FirstTold[];
};

/** The first answers about each kind, account and region that were recorded by then. */
const FIRST = `first AS (
  SELECT kind, account, region, min(at) AS at FROM answers JOIN imports ON imports.id = import
  WHERE recorded <= :known GROUP BY kind, account, region)`;
/** Facts that hold at a time; before the first answer at the time of that. */
const HOLDING = `SELECT facts.kind, facts.account, facts.region, item, content, json
  FROM facts JOIN first USING (kind, account, region) JOIN contents ON contents.id = content
  WHERE held_from <= max(:at, first.at) AND held_to > max(:at, first.at) AND known_from <= :known AND known_to > :known`;

// What is believed now is believed until for ever, and not then.
const before = (micros: number): number => Math.min(micros, FOREVER - 1);

/**
 * The facts of a time.
 *
 * Where nothing is known at all the model is empty.
 */
export function factsAt(state: StateFile, { atMicros, knownAtMicros }: Moment): FactsAt {
  const times = { at: before(atMicros), known: before(knownAtMicros) };
  const rows = state.database
    .prepare(
      `WITH ${FIRST}, holding AS (${HOLDING}) SELECT kind, account, region, item, json
       FROM holding ORDER BY kind, account, region, item`,
    )
    .iterate(times);
  return { model: modelOf(placed(rows), atMicros), unknownBefore: firstTold(state, times) };
}

function* placed(rows: Iterable<Readonly<Record<string, unknown>>>): Generator<PlacedItem> {
  for (const row of rows)
    yield {
      kind: String(row['kind']),
      account: String(row['account']),
      region: String(row['region']),
      id: String(row['item']),
      item: JSON.parse(String(row['json'])) as Item,
    };
}

/** Things of several accounts as one model. */
export function modelOf(items: Iterable<PlacedItem>, atMicros: number): FactsAt['model'] {
  const found = new Map<string, { readonly kind: string; readonly item: Item }>();
  for (const { kind, account, region, id, item } of items) {
    const place = kind === SINGLE_KIND ? `${account} ${region}` : '';
    const key = `${kind} ${place} ${id}`;
    if (!found.has(key) || ownerOf(item) === account) found.set(key, { kind, item });
  }
  const model: Record<string, unknown[]> = {};
  for (const { kind, item } of found.values()) (model[kind] ??= []).push(item);
  const { NetworkInterfaces: interfaces } = model;
  if (interfaces !== undefined) model['NetworkInterfaces'] = lastAttached(interfaces, atMicros);
  return model;
}

/**
 * Interfaces without those whose address another one has. Between two answers both are there: the one that ended at an
 * unknown time, and the one that says since when it was attached.
 */
function lastAttached(interfaces: readonly unknown[], atMicros: number): unknown[] {
  const holders = new Map<string, { readonly item: unknown; readonly begin: number }>();
  const gone = new Set<unknown>();
  for (const item of interfaces) {
    const { SubnetId: subnet, PrivateIpAddress: address } = item as Record<string, unknown>;
    if (typeof subnet !== 'string' || typeof address !== 'string') continue;
    const key = `${subnet} ${address}`;
    const begin = beginOf('NetworkInterfaces', item) ?? -1;
    const other = holders.get(key);
    // One that had not been attached yet has it only where nobody else has.
    const isHolder =
      other === undefined ||
      (begin <= atMicros
        ? other.begin > atMicros || begin > other.begin
        : begin < other.begin && other.begin > atMicros);
    if (other !== undefined) gone.add(isHolder ? other.item : item);
    if (isHolder) holders.set(key, { item, begin });
  }
  return interfaces.filter((item) => !gone.has(item));
}

function firstTold({ database }: StateFile, times: { at: number; known: number }): FirstTold[] {
  return database
    .prepare(
      `WITH ${FIRST} SELECT account, region, min(at) AS at FROM first GROUP BY account, region
       HAVING min(at) > :at ORDER BY account, region`,
    )
    .all(times)
    .map((row) => ({ account: String(row['account']), region: String(row['region']), atMicros: Number(row['at']) }));
}

/**
 * The times in [from, to) at which facts changed, ascending, as far as was known.
 *
 * Between two of them, and before the first and after the last, one model holds.
 */
export function changesBetween(state: StateFile, from: number, to: number, knownAtMicros: number): number[] {
  return state.database
    .prepare(
      `WITH known AS (SELECT * FROM facts WHERE known_from <= :known AND known_to > :known),
       attached AS MATERIALIZED (
         SELECT item, held_from, held_to, begins, json ->> 'SubnetId' AS subnet, json ->> 'PrivateIpAddress' AS address
         FROM known JOIN contents ON contents.id = content WHERE kind = 'NetworkInterfaces')
       SELECT DISTINCT at FROM (
         SELECT held_from AS at FROM known UNION SELECT held_to FROM known
         UNION SELECT begins FROM attached JOIN (
           SELECT subnet, address FROM attached GROUP BY subnet, address HAVING count(DISTINCT item) > 1
         ) USING (subnet, address) WHERE begins > held_from AND begins < held_to)
       WHERE at >= :from AND at < :to ORDER BY at`,
    )
    .all({ from, to, known: before(knownAtMicros) })
    .map((row) => Number(row['at']))
    .filter((at) => at < FOREVER);
}

/** A time in which an interface was there, as it is believed. `to` is `FOREVER` where it has not ended. */
export type InterfaceLife = {
  readonly id: string;
  readonly from: number;
  readonly to: number;
  /** When the first of it was learned. */
  readonly learnedAtMicros: number;
};

/**
 * When interfaces were there, by id, private address or instance, in the order of time.
 *
 * Before the first answer about an account and region nothing is said.
 */
export function interfaceLives({ database }: StateFile, text: string, knownAtMicros: number): InterfaceLife[] {
  const rows = database
    .prepare(
      `SELECT item, held_from, held_to, known_from FROM facts JOIN contents ON contents.id = content
       WHERE kind = 'NetworkInterfaces' AND known_from <= :known AND known_to > :known AND (item = :text
         OR json ->> 'PrivateIpAddress' = :text OR json -> 'Attachment' ->> 'InstanceId' = :text
         OR EXISTS (SELECT 1 FROM json_each(json, '$.PrivateIpAddresses') WHERE value ->> 'PrivateIpAddress' = :text)
         OR EXISTS (SELECT 1 FROM json_each(json, '$.Ipv6Addresses') WHERE value ->> 'Ipv6Address' = :text))
       ORDER BY held_from, item`,
    )
    .all({ text, known: before(knownAtMicros) });
  const lives: InterfaceLife[] = [];
  for (const row of rows) {
    const [id, from, to] = [String(row['item']), Number(row['held_from']), Number(row['held_to'])];
    const learned = Number(row['known_from']);
    const at = lives.findIndex((life) => life.id === id && life.to === from);
    if (at < 0) lives.push({ id, from, to, learnedAtMicros: learned });
    else lives[at] = { ...lives[at]!, to };
  }
  return lives;
}

/**
 * Things whose description at a time was learned late, in the order of recording: an answer about a time before that of
 * an answer which had come already changed it.
 */
export function learnedLate({ database }: StateFile, { atMicros, knownAtMicros }: Moment): LearnedLate[] {
  const late = database
    .prepare(
      `SELECT DISTINCT kind, account, region, recorded FROM answers JOIN imports ON imports.id = import
       WHERE late = 1 AND recorded <= ? ORDER BY recorded, kind, account, region`,
    )
    .all(before(knownAtMicros));
  const holding = database.prepare(
    `WITH ${FIRST}, holding AS (${HOLDING}) SELECT item, content FROM holding
     WHERE kind = :kind AND account = :account AND region = :region`,
  );
  return late.flatMap((row): LearnedLate[] => {
    const scope = { kind: String(row['kind']), account: String(row['account']), region: String(row['region']) };
    const recorded = Number(row['recorded']);
    const knownBy = (known: number): Map<unknown, unknown> =>
      new Map(
        holding.all({ ...scope, at: before(atMicros), known }).map((fact) => [fact['item'], fact['content']] as const),
      );
    const [old, now] = [knownBy(recorded - 1), knownBy(recorded)];
    return [...new Set([...old.keys(), ...now.keys()])]
      .filter((item) => old.get(item) !== now.get(item))
      .map((item) => ({ ...scope, item: String(item), recordedAtMicros: recorded }));
  });
}
