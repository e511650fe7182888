/**
 * Attributes rejected records to what rejected them, as of their times.
 *
 * In:    batches of records, in whatever order; the model over time. Out: causes with counts, and what is remembered of
 *        each flow.
 * Holds: one pass and flat memory: what is kept is causes, and flows and five-tuples up to a bound. A record whose span
 *        reaches over several versions of the model is judged by each. What the record itself tells (reject-reason,
 *        x-rule-id, x-verdict-stage) wins; where the rules disagree it is said. Where several interfaces may have seen
 *        it, it is given to none of them alone.
 * Fails: never on records; NODATA, SKIPDATA and records without action are counted apart.
 */
import type { Cause, Met } from '../../api/rejects.ts';
import { EGRESS, INGRESS } from '../../network/verdict/group-rules.ts';
import { AcceptedTuples } from './accepted-tuples.ts';
import { Causes, metOf } from './causes.ts';
import { FlowMemory } from './flow-memory.ts';
import { NOTHING_KNOWN, OPENS, RecordJudge, TCP } from './judge-record.ts';
import type { AskedVersion, ModelTimes } from './model-times.ts';
import { Owners } from './owner.ts';
import type { Seen } from './owner.ts';
import { RecordMemo } from './record-memo.ts';
import { ACCEPT, directionWord, exampleOf, isByOpener, kindOf, readColumns } from './read-columns.ts';
import type { ReadRecords } from './read-columns.ts';
import type { AddressWords, RecordBatch } from './record-rows.ts';
import { ABSENT } from './record-rows.ts';

/** `[startSeconds, endSeconds)`; a record is in it that has a part in it. */
export type Span = { readonly startSeconds: number; readonly endSeconds: number };

/** Takes records and keeps what was found. */
export class Attribution {
  readonly causes: Causes = new Causes();
  readonly flows: FlowMemory;
  /** Names of interfaces by number; 0 is none. */
  readonly names: string[] = [''];
  accepted = 0;
  rejected = 0;
  /** Records of no traffic, or whose action the format does not have. */
  others = 0;
  firstSeconds = 0;
  lastSeconds = 0;
  /** Of the batch taken last: the number of each row's cause, 0 where it is not rejected. */
  rowCauses = new Uint32Array(0);
  readonly #times: ModelTimes;
  readonly #span: Span | null;
  readonly #judge = new RecordJudge();
  readonly #owners = new Owners();
  readonly #tuples = new AcceptedTuples();
  readonly #memo = new RecordMemo();
  /** Whether it is worth to look there. */
  #remembers = true;
  readonly #numbers = new Map<string, number>();
  /** By version, then by interface, direction and outcome: the cause of a plain case. */
  #plain = new Map<number, Map<number, number>>();
  /** Of the batch: by version, numbers of interfaces by place. */
  #placed = new Map<number, Int32Array>();
  readonly #seen: Seen = {
    at: 0,
    direction: -1,
    vpcId: null,
    words: new Uint32Array(16),
    family: 0,
    packetFamily: 0,
  };
  /** Of the packet: source, then destination. */
  readonly #packetWords = new Uint32Array(8);

  constructor(times: ModelTimes, span: Span | null = null, flows: FlowMemory = new FlowMemory()) {
    this.#times = times;
    this.#span = span;
    this.flows = flows;
  }

  /** Takes a batch; nothing of it is kept. */
  take(batch: RecordBatch): void {
    const columns = readColumns(batch, (text) => this.#nameOf(text));
    this.#placed = new Map();
    this.#remembers = this.#memo.begin();
    if (this.rowCauses.length < batch.rows) this.rowCauses = new Uint32Array(batch.rows);
    this.rowCauses.fill(0);
    for (let row = 0; row < batch.rows; row++) this.#takeRow(columns, row);
  }

  #nameOf(text: string): number {
    const known = this.#numbers.get(text);
    if (known !== undefined) return known;
    const number = this.names.push(text) - 1;
    this.#numbers.set(text, number);
    return number;
  }

  #takeRow(c: ReadRecords, row: number): void {
    const place = c.actions.at[row] as number;
    const action = place < 0 ? 0 : (c.actionOf[place] as number);
    const start = c.start[row] !== ABSENT ? (c.start[row] as number) : (c.end[row] as number);
    const end = c.end[row] !== ABSENT ? (c.end[row] as number) : start;
    if (this.#span !== null && !(start < this.#span.endSeconds && end >= this.#span.startSeconds)) return;
    if (action === 0 || !this.#load(c, row)) {
      this.others++;
      return;
    }
    if (start >= 0) {
      if (this.firstSeconds === 0 || start < this.firstSeconds) this.firstSeconds = start;
      if (end > this.lastSeconds) this.lastSeconds = end;
    }
    const flags = c.flags[row] as number;
    const kind = kindOf(c.protocol[row] as number, flags, c.srcport[row] as number, c.dstport[row] as number);
    const name = (c.interfaces.at[row] as number) < 0 ? 0 : (c.names[c.interfaces.at[row] as number] as number);
    const isTcp = c.protocol[row] === TCP;
    const ports = this.#judge.packet.ports[0] as number;
    if (isTcp) this.#tuples.name(name, this.#packetWords, ports);
    if (action === ACCEPT) {
      this.accepted++;
      if (isTcp) this.#tuples.accepted(end, flags);
      this.#keyOf(c, row, kind, name, start, null);
      this.flows.accepted(start, end);
      return;
    }
    this.rejected++;
    const known = isTcp && kind !== OPENS ? this.#tuples.known(start, end) : NOTHING_KNOWN;
    const cause = this.#causeOf(c, row, kind, known, name, start, end);
    this.rowCauses[row] = cause;
    this.causes.count(cause, c.packets[row] as number, c.bytes[row] as number, start, end);
    this.causes.examples[cause] ??= exampleOf(c, row);
    this.#keyOf(c, row, kind, name, start, this.causes.list[cause] as Cause);
    const isOwn = isByOpener(kind, ports >>> 16, ports & 0xffff);
    this.flows.rejected(start, end, cause, isOwn ? ports >>> 16 : ports & 0xffff);
  }

  /** Fills `#seen`, the packet and its words; false where the record has no addresses or no protocol that there can be. */
  #load(c: ReadRecords, row: number): boolean {
    const src = c.src.at[row] as number;
    const dst = c.dst.at[row] as number;
    const packetSrc = c.packetSrc.at[row] as number;
    const packetDst = c.packetDst.at[row] as number;
    const protocol = c.protocol[row] as number;
    if ((src < 0 && packetSrc < 0) || (dst < 0 && packetDst < 0) || protocol < 0 || protocol > 255) return false;
    const { words } = this.#seen;
    const seen = this.#seen;
    copy(words, 0, src < 0 ? c.packetSrc : c.src, src < 0 ? packetSrc : src);
    copy(words, 4, dst < 0 ? c.packetDst : c.dst, dst < 0 ? packetDst : dst);
    copy(words, 8, packetSrc < 0 ? c.src : c.packetSrc, packetSrc < 0 ? src : packetSrc);
    copy(words, 12, packetDst < 0 ? c.dst : c.packetDst, packetDst < 0 ? dst : packetDst);
    seen.family = (src < 0 ? c.packetSrc : c.src).family[src < 0 ? packetSrc : src] as number;
    seen.packetFamily = (packetSrc < 0 ? c.src : c.packetSrc).family[packetSrc < 0 ? src : packetSrc] as number;
    const { packet } = this.#judge;
    packet.family[0] = seen.packetFamily;
    packet.protocol[0] = protocol;
    this.#judge.knowsPort = (c.dstport[row] as number) >= 0;
    packet.ports[0] = ((Math.max(0, c.srcport[row] as number) << 16) | Math.max(0, c.dstport[row] as number)) >>> 0;
    for (let i = 0; i < 8; i++) this.#packetWords[i] = words[8 + i] as number;
    if (seen.packetFamily === 4) {
      packet.src4[0] = words[8] as number;
      packet.dst4[0] = words[12] as number;
    } else
      for (let i = 0; i < 4; i++) {
        packet.src6[i] = words[8 + i] as number;
        packet.dst6[i] = words[12 + i] as number;
      }
    const direction = c.directions.at[row] as number;
    seen.direction = direction < 0 ? -1 : (c.directionOf[direction] as number);
    const vpc = c.vpcs.at[row] as number;
    seen.vpcId = vpc < 0 ? null : (c.vpcs.texts[vpc] ?? null);
    return true;
  }

  /** Where the record was seen, by one version. */
  #own(c: ReadRecords, row: number, version: number): AskedVersion {
    const asked = this.#times.asked(version);
    const place = c.interfaces.at[row] as number;
    this.#seen.at = 0;
    if (place >= 0) {
      let placed = this.#placed.get(version);
      if (placed === undefined) {
        placed = Int32Array.from(c.interfaces.texts, (id) => asked.interfaces.get(id) ?? -1);
        this.#placed.set(version, placed);
      }
      this.#seen.at = placed[place] as number;
    }
    this.#owners.find(asked, this.#seen);
    return asked;
  }

  /** Sets the key of the flow: where its interface or direction is not told, by what the cause or the model say. */
  #keyOf(c: ReadRecords, row: number, kind: number, name: number, start: number, cause: Cause | null): void {
    let own = name;
    let direction = this.#seen.direction;
    if (own === 0 || direction < 0) {
      if (cause !== null) {
        own ||= this.#nameOf(cause.interfaceId ?? '');
        if (direction < 0 && cause.direction !== null) direction = cause.direction === 'egress' ? EGRESS : INGRESS;
      } else {
        const asked = this.#own(c, row, this.#versionAt(start));
        if (this.#owners.at.length === 1) {
          own ||= this.#nameOf(asked.snapshot.interfaces[this.#owners.at[0]!]?.id ?? '');
          if (direction < 0) direction = this.#owners.directions[0]!;
        }
      }
    }
    const ports = this.#judge.packet.ports[0] as number;
    const isOwn = isByOpener(kind, ports >>> 16, ports & 0xffff);
    const isEgress = direction === EGRESS;
    const port = isOwn ? ports & 0xffff : ports >>> 16;
    const ends = (isEgress ? 1 : 0) | (isEgress === isOwn ? 2 : 0);
    this.flows.setKey(own, ends, this.#seen.packetFamily, this.#judge.packet.protocol[0] as number, port);
    const remote = isEgress ? 4 : 0;
    for (let i = 0; i < 4; i++) this.flows.key[3 + i] = this.#packetWords[remote + i] as number;
  }

  #versionAt(seconds: number): number {
    return seconds < 0 ? this.#times.count - 1 : Math.max(0, this.#times.at(seconds));
  }

  #causeOf(c: ReadRecords, row: number, kind: number, known: number, name: number, start: number, end: number): number {
    const first = start < 0 ? this.#times.count - 1 : this.#times.at(start);
    const last = start < 0 ? first : this.#times.at(end);
    const recorded = this.#recordedOf(c, row);
    if (!this.#remembers) return this.#judgeRow(c, row, kind, known, recorded, first, last);
    const vpc = c.vpcs.at[row] as number;
    const { key } = this.#memo;
    const { packet, knowsPort } = this.#judge;
    key[0] = name;
    key[1] =
      kind |
      (known << 2) |
      ((this.#seen.direction + 1) << 4) |
      ((knowsPort ? 1 : 0) << 6) |
      ((c.knowsReason ? 1 : 0) << 7);
    key[2] = first;
    key[3] = last;
    key[4] = recorded;
    key[5] = vpc < 0 ? 0 : this.#nameOf(c.vpcs.texts[vpc] as string);
    key[6] = (packet.family[0] as number) | ((packet.protocol[0] as number) << 8) | (this.#seen.family << 16);
    // The source port of what opens a conversation decides nothing.
    key[7] = kind === OPENS ? (packet.ports[0] as number) & 0xffff : (packet.ports[0] as number) | 0;
    const { words } = this.#seen;
    const isFour = this.#seen.family === 4 && packet.family[0] === 4;
    if (isFour) for (let i = 0; i < 4; i++) key[8 + i] = words[i * 4] as number;
    else key.set(words, 8);
    const before = this.#memo.find(isFour ? 12 : 24);
    if (before !== 0) return before;
    const cause = this.#judgeRow(c, row, kind, known, recorded, first, last);
    this.#memo.keep(cause);
    return cause;
  }

  /** Number of what the record tells of its cause; 0 nothing. */
  #recordedOf(c: ReadRecords, row: number): number {
    const reason = c.reasons.at[row] as number;
    const rule = c.ruleIds.at[row] as number;
    const stage = c.stages.at[row] as number;
    if (reason < 0 && rule < 0 && stage < 0) return 0;
    const isOfKernel = c.sources.texts[c.sources.at[row] as number] === 'kernel';
    const [reasonText, stageText, ruleText] = [c.reasons.texts[reason], c.stages.texts[stage], c.ruleIds.texts[rule]];
    return this.#nameOf(JSON.stringify([reasonText ?? null, stageText ?? null, ruleText ?? null, isOfKernel]));
  }

  #judgeRow(
    c: ReadRecords,
    row: number,
    kind: number,
    known: number,
    recorded: number,
    first: number,
    last: number,
  ): number {
    const beforeModel = first < 0;
    const from = Math.max(0, first);
    const to = Math.max(0, last);
    // The plain case, made without an object.
    if (from === to && !beforeModel && recorded === 0) {
      const asked = this.#own(c, row, from);
      if (this.#owners.at.length === 1) {
        const at = this.#owners.at[0]!;
        const direction = this.#owners.directions[0]!;
        this.#judge.judge(asked, at, direction, kind, known, saysNoReason(c, row));
        if (this.#judge.outcomes.length === 1) return this.#plainCause(asked, from, at, direction);
      }
    }
    const found = this.#ask(c, row, kind, known, from, to);
    const why = found.met.length > 0 ? 'rules' : found.why;
    const cause = causeOf(found, why, beforeModel);
    if (recorded !== 0) return this.causes.numberOf(this.#asRecorded(cause, this.names[recorded]!));
    if (why === 'admitted' && to + 1 < this.#times.count && !beforeModel) {
      const next = this.#ask(c, row, kind, known, to + 1, to + 1);
      if (next.met.length > 0)
        return this.causes.numberOf({ ...causeOf(next, 'next-version', false), certainty: 'one-of-several' });
    }
    return this.causes.numberOf(cause);
  }

  #plainCause(asked: AskedVersion, version: number, at: number, direction: number): number {
    const outcome = this.#judge.outcomes[0]!;
    let known = this.#plain.get(version);
    if (known === undefined) this.#plain.set(version, (known = new Map()));
    const key = (outcome * 2 + direction) * 0x100000 + at;
    const before = known.get(key);
    if (before !== undefined) return before;
    const met = metOf(asked.snapshot, at, direction, outcome);
    const { interfaceId, direction: words } = met;
    const cause = this.causes.numberOf({
      interfaceId,
      direction: words,
      met: [met],
      certainty: 'certain',
      why: 'rules',
      modelSays: null,
      beforeModel: false,
    });
    known.set(key, cause);
    return cause;
  }

  /** All that may have rejected it, by some versions. */
  #ask(c: ReadRecords, row: number, kind: number, known: number, from: number, to: number): Found {
    const met = new Map<string, Met>();
    const owners = new Set<string>();
    const places = new Map<string, Place>();
    for (let version = from; version <= to; version++) {
      const asked = this.#own(c, row, version);
      for (const [i, at] of this.#owners.at.entries()) {
        const direction = this.#owners.directions[i]!;
        const interfaceId = asked.snapshot.interfaces[at]?.id ?? null;
        owners.add(interfaceId ?? '');
        const place: Place = { interfaceId, direction: direction === EGRESS ? 'egress' : 'ingress' };
        places.set(JSON.stringify(place), place);
        this.#judge.judge(asked, at, direction, kind, known, saysNoReason(c, row));
        for (const outcome of this.#judge.outcomes) {
          const one = metOf(asked.snapshot, at, direction, outcome);
          met.set(JSON.stringify(one), one);
        }
      }
    }
    const id =
      (c.interfaces.at[row] as number) < 0 ? null : (c.interfaces.texts[c.interfaces.at[row] as number] ?? null);
    const told: Place = { interfaceId: id, direction: directionWord(this.#seen.direction) };
    const why = places.size > 0 ? 'admitted' : id === null ? 'address-owner-unknown' : 'interface-not-in-model';
    return { met: [...met.values()], places: [...places.values()], told, isSeveral: owners.size > 1, why };
  }

  /** What the record tells wins; what the rules say is kept where they do not agree. */
  #asRecorded(cause: Cause, text: string): Cause {
    const [rejectReason, stage, ruleId, isOfKernel] = JSON.parse(text) as Recorded;
    const told: Met = { interfaceId: cause.interfaceId, direction: cause.direction, stage, ruleId, rejectReason };
    const agrees = cause.met.some((one) => isSame(one, told));
    // Where the model cannot place the record it says nothing against it.
    const isJudged = cause.why === 'rules' || cause.why === 'admitted';
    const full = cause.met.find((one) => isSame(one, told));
    return {
      ...cause,
      met: [full ?? told],
      certainty: isOfKernel ? 'kernel' : 'certain',
      why: 'record',
      modelSays: agrees || !isJudged ? null : cause.met,
    };
  }
}

/** What a record tells of its cause, and whether the kernel decided. */
type Recorded = readonly [Met['rejectReason'], Met['stage'], string | null, boolean];

/** Whether the record tells that no control stopped it: its format has the field, and it is empty. */
function saysNoReason(c: ReadRecords, row: number): boolean {
  return c.knowsReason && (c.reasons.at[row] as number) < 0;
}

type Place = { readonly interfaceId: string | null; readonly direction: 'ingress' | 'egress' | null };

type Found = {
  readonly met: readonly Met[];
  /** Where it may have been seen. */
  readonly places: readonly Place[];
  /** What it says itself of that. */
  readonly told: Place;
  /** More than one interface may have seen it. */
  readonly isSeveral: boolean;
  readonly why: 'admitted' | 'interface-not-in-model' | 'address-owner-unknown';
};

function causeOf(found: Found, why: Cause['why'], beforeModel: boolean): Cause {
  const { met, places, told, isSeveral } = found;
  const of = met.length > 0 ? met : places;
  const interfaces = new Set(of.map(({ interfaceId }) => interfaceId));
  const directions = new Set(of.map(({ direction }) => direction));
  const isCertain = met.length === 1 && !isSeveral && !beforeModel;
  return {
    interfaceId: told.interfaceId ?? (interfaces.size === 1 && !isSeveral ? (of[0]?.interfaceId ?? null) : null),
    direction: told.direction ?? (directions.size === 1 ? (of[0]?.direction ?? null) : null),
    met,
    certainty: met.length === 0 ? 'not-explained' : isCertain ? 'certain' : 'one-of-several',
    why,
    modelSays: null,
    beforeModel,
  };
}

/** Whether what a record tells is what the rules say: it may tell a part of it. */
function isSame(one: Met, told: Met): boolean {
  if (told.rejectReason !== null || one.rejectReason !== null) return told.rejectReason === one.rejectReason;
  return (told.stage === null || told.stage === one.stage) && (told.ruleId === null || told.ruleId === one.ruleId);
}

function copy(words: Uint32Array, to: number, from: AddressWords, place: number): void {
  const at = place * 4;
  words[to] = from.words[at] as number;
  words[to + 1] = from.words[at + 1] as number;
  words[to + 2] = from.words[at + 2] as number;
  words[to + 3] = from.words[at + 3] as number;
}
