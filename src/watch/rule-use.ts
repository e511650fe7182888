/**
 * What rules of security groups and entries of network ACLs admitted, by client, server and port.
 *
 * In:    `fg_ends`, the network over time. Out: for each rule that admitted something when it did first and last, and what.
 * Holds: the port of a client decides nothing for who opens, so that each client, server, port and hour is asked once, whatever the number of
 *        its connections: 320,000 questions for ten million records. Of an ACL the entry counts that let the opening in or out, not that of the answers. Rules are asked as of the first second of that hour's records. Rules of
 *        two versions are the same by group and id.
 * Fails: as the query does.
 */
import { createPacketBatch, NO_ICMP } from '../model/batch.ts';
import { EGRESS, INGRESS } from '../network/verdict/group-rules.ts';
import { NOT_KNOWN } from '../network/verdict/rule-index.ts';
import { parseAddress } from '../network/vpc/addresses.ts';
import type { Address, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { AskedVersion, ModelTimes } from '../explain/records/model-times.ts';
import { ruleText } from '../explain/rule-changes/rule-changes.ts';
import type { Duck } from '../storage/duck/duck.ts';

/** What a rule admitted. */
export type RuleUse = {
  readonly ruleId: string;
  /** Id of its group or ACL. */
  readonly of: string;
  readonly isEntry: boolean;
  readonly says: string;
  firstSeconds: number;
  lastSeconds: number;
  records: number;
  bytes: number;
  /** Some of them, up to a bound. */
  readonly peers: Set<string>;
  readonly ports: Set<number>;
  readonly example: string;
};

const MOST_PEERS = 1000;
/** Addresses that are kept as words: those of one hour come again in the next. */
const MOST_WORDS = 200_000;

/** Asks rules about one packet. */
export class EdgeJudge {
  readonly #packet = createPacketBatch(1);
  readonly #words = new Map<string, Address | null>();

  /** Fills the packet; false where the addresses are none, or of two families. */
  load(asked: AskedVersion, src: string, dst: string, protocol: number, srcport: number, dstport: number): boolean {
    const [from, to] = [this.#wordsOf(src), this.#wordsOf(dst)];
    if (from === null || to === null || from.family !== to.family) return false;
    const packet = this.#packet;
    packet.family[0] = from.family;
    packet.protocol[0] = protocol;
    packet.ports[0] = ((srcport << 16) | dstport) >>> 0;
    packet.icmp[0] = NO_ICMP;
    if (from.family === 4) {
      packet.src4[0] = from.words[0] ?? 0;
      packet.dst4[0] = to.words[0] ?? 0;
    } else {
      packet.src6.set(from.words);
      packet.dst6.set(to.words);
    }
    asked.rules.load(packet, 0);
    return true;
  }

  /** The number of the rule that admits the packet at an interface; 0 or less: none that is known. */
  admits({ rules }: AskedVersion, at: number, direction: number, port: number): number {
    return rules.groups.judges(at) ? rules.admit(this.#packet, 0, at, direction, port, NOT_KNOWN) : 0;
  }

  /** The number of the ACL's entry that decides, negative where it denies; 0: none that is known. */
  entry({ rules }: AskedVersion, at: number, direction: number, port: number): number {
    return rules.acl(this.#packet, 0, at, direction, port, NOT_KNOWN);
  }

  #wordsOf(text: string): Address | null {
    const known = this.#words.get(text);
    if (known !== undefined) return known;
    if (this.#words.size >= MOST_WORDS) this.#words.clear();
    const address = parseAddress(text);
    this.#words.set(text, address);
    return address;
  }
}

/** Rules and entries that admitted something, in the order of their first use. */
export async function usedRules(duck: Duck, times: ModelTimes, signal: AbortSignal): Promise<readonly RuleUse[]> {
  const judge = new EdgeJudge();
  const found = new RuleUses();
  const { batches } = await duck.rows(
    `SELECT interface_id, client, server, port, protocol, inbound, opened, bytes_sent + bytes_back, first_seconds, last_seconds
     FROM fg_ends WHERE opened > 0 AND interface_id IS NOT NULL`,
  );
  for await (const batch of batches) {
    signal.throwIfAborted();
    for (const [id, client, server, port, protocol, inbound, records, bytes, first, last] of batch) {
      const asked = times.asked(Math.max(0, times.at(Number(first))));
      const { snapshot } = asked;
      const at = asked.interfaces.get(String(id)) ?? 0;
      if (at === 0 || !judge.load(asked, String(client), String(server), Number(protocol), 0, Number(port))) continue;
      // Where records do not tell the way, the one counts that the rules admit.
      let way = inbound === false ? EGRESS : INGRESS;
      let rule = judge.admits(asked, at, way, Number(port));
      if (rule <= 0 && inbound === null) {
        const other = judge.admits(asked, at, EGRESS, Number(port));
        if (other > 0) [way, rule] = [EGRESS, other];
      }
      // What no rule of its groups admits is read the wrong way round, or the network is not as it was.
      if (rule <= 0 && (inbound === null || asked.rules.groups.judges(at))) continue;
      for (const number of [rule, judge.entry(asked, at, way, Number(port))]) {
        if (number <= 0) continue;
        const use = found.useOf(snapshot, number, Number(first), `${String(client)} to ${String(server)}`);
        use.firstSeconds = Math.min(use.firstSeconds, Number(first));
        use.lastSeconds = Math.max(use.lastSeconds, Number(last));
        use.records += Number(records);
        use.bytes += Number(bytes);
        if (use.peers.size < MOST_PEERS) use.peers.add(String(way === EGRESS ? server : client));
        if (use.ports.size < MOST_PEERS) use.ports.add(Number(port));
      }
    }
  }
  return [...found.byKey.values()].sort((a, b) => a.firstSeconds - b.firstSeconds || (a.ruleId < b.ruleId ? -1 : 1));
}

/** Uses by group and id of the rule, and by its number in each version. */
class RuleUses {
  readonly byKey = new Map<string, RuleUse>();
  readonly #met = new WeakMap<VpcSnapshot, (RuleUse | undefined)[]>();
  readonly #owners = new WeakMap<VpcSnapshot, readonly Owner[]>();

  useOf(snapshot: VpcSnapshot, rule: number, atSeconds: number, example: string): RuleUse {
    let own = this.#met.get(snapshot);
    if (own === undefined) this.#met.set(snapshot, (own = []));
    return (own[rule] ??= this.#make(snapshot, rule, atSeconds, example));
  }

  #make(snapshot: VpcSnapshot, rule: number, atSeconds: number, example: string): RuleUse {
    let owners = this.#owners.get(snapshot);
    if (owners === undefined) this.#owners.set(snapshot, (owners = ownersOf(snapshot)));
    const { id: ruleId } = snapshot.rules[rule]!;
    const { of, isEntry } = owners[rule] ?? NOBODY;
    const known = this.byKey.get(`${of} ${ruleId}`);
    if (known !== undefined) return known;
    const use: RuleUse = {
      ruleId,
      of,
      isEntry,
      says: ruleText(snapshot.rules[rule]!),
      firstSeconds: atSeconds,
      lastSeconds: atSeconds,
      records: 0,
      bytes: 0,
      peers: new Set(),
      ports: new Set(),
      example,
    };
    this.byKey.set(`${of} ${ruleId}`, use);
    return use;
  }
}

type Owner = Pick<RuleUse, 'of' | 'isEntry'>;
const NOBODY: Owner = { of: '', isEntry: false };

/** By number of a rule the group or ACL that has it. */
function ownersOf({ rules, groups, acls }: VpcSnapshot): Owner[] {
  const owners = rules.map(() => NOBODY);
  for (const [list, isEntry] of [
    [groups, false],
    [acls, true],
  ] as const)
    for (const { id, ingress, egress } of list)
      for (const number of [...ingress, ...egress]) owners[number] = { of: id, isEntry };
  return owners;
}
