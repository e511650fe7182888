/**
 * A network as rules for `nft`: verdict and account of every packet that is forwarded between devices.
 *
 * In:    a snapshot, which interface is which device, the book of numbers. Out: a set of rules; the same input gives the same.
 * Holds: a packet that leaves an interface meets its groups and then its ACL, one that enters the ACL and then the groups (rule
 *        V1), and each is one observation, counted in the flow tables under the number of its decision. What AWS never logs
 *        passes uncounted and is counted apart (P6); so is what fails the source/destination check. Traffic of devices that are
 *        no interface passes. In the connection mark the lower 16 bits are the slot of the side that opened, the upper those of
 *        the other. What is not followed: rules V6 and V7, controls (BPA, encryption); `notFollowed` says so.
 * Fails: FG_KERNEL_NUMBERS.
 */
import type { Decision, VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { ENTRY_CHAIN, REJECT_CHAIN, TELL_REJECTS, TOLD_COUNTER } from '../privileged/nft-script.ts';
import { addAlive } from './alive.ts';
import type { DecisionBook } from './book.ts';
import { UNTRACKED_SLOT } from './book.ts';
import { addAclChain } from './compile-acls.ts';
import type { Side } from './compile-groups.ts';
import { GroupChains, ownBlocks } from './compile-groups.ts';
import type { FlowTables } from './flow-sets.ts';
import { ACCOUNT, addFlowTables } from './flow-sets.ts';
import { addHidden } from './hidden.ts';
import type { Ties } from './kernel-source.ts';
import { addressField, hex, listText } from './matches.ts';
import type { Ruleset } from './ruleset.ts';
import { Rules } from './ruleset.ts';

/** Counters of packets that are no observation, by the name that counts give them. */
export const COUNTERS: ReadonlyMap<string, string> = new Map([
  ['never-logged', 'n_never_logged'],
  ['not-own-source', 'n_not_own'],
  ['not-own-destination', 'n_not_own_in'],
  ['not-watched', 'n_not_watched'],
]);

/** Counters of rejected packets: all, and those that were told. */
export const REJECT_COUNTERS = { seen: 'n_rejects', told: TOLD_COUNTER } as const;

/** Names the devices that are judged. */
export const JUDGE_CHAIN = 'h_judge';

const LOW = 0xffff;
const HIGH = 0xffff0000;
const SIDES = ['egress', 'ingress'] as const;
const WORD = { ingress: 'in', egress: 'out' } as const;

/**
 * Compiles.
 *
 * @param tellsRejects  whether some of what is rejected is logged to `REJECT_GROUP`
 */
export function compileRules(
  snapshot: VpcSnapshot,
  ties: Ties,
  book: DecisionBook,
  tables: FlowTables,
  tellsRejects: boolean = false,
): Ruleset {
  const rules = new Rules();
  addFlowTables(tables, rules);
  for (const counter of COUNTERS.values()) rules.add('counter', counter);
  if (tellsRejects) for (const counter of Object.values(REJECT_COUNTERS)) rules.add('counter', counter);
  const telling = tellsRejects ? [`counter name ${REJECT_COUNTERS.seen}`, TELL_REJECTS] : [];
  rules.chain(REJECT_CHAIN, [...telling, `jump ${ACCOUNT}`, 'drop']);
  rules.chain('not_own', [`counter name ${COUNTERS.get('not-own-source')} drop`]);
  rules.chain('not_own_in', [`counter name ${COUNTERS.get('not-own-destination')} drop`]);
  const groups = new GroupChains(snapshot, book, rules);
  const tied = [...ties].sort(([a], [b]) => a - b);
  for (const [at] of tied) {
    // Both directions are numbered first: replies carry the rule that admitted their connection.
    if (snapshot.interfaces[at]!.groups.length > 0)
      for (const side of SIDES) groups.add(at, side, `ev_${WORD[side]}_${at}`, denyAt(book, at, side));
    for (const side of SIDES) addSide({ snapshot, book, rules }, at, side);
  }
  const first = addAlive(
    rules,
    COUNTERS.get('not-watched')!,
    addHidden(snapshot, ties, rules, COUNTERS.get('never-logged')!),
  );
  const jumps = (side: Side): string => tied.map(([at, device]) => `"${device}" : jump ${WORD[side]}_${at}`).join(', ');
  const judge =
    tied.length === 0 ? [] : [`iifname vmap { ${jumps('egress')} }`, `oifname vmap { ${jumps('ingress')} }`];
  rules.chain(JUDGE_CHAIN, judge);
  const devices = tied.map(([, device]) => `"${device}"`).join(', ');
  rules.chain(
    ENTRY_CHAIN,
    tied.length === 0 ? [] : [`iifname { ${devices} } goto ${first}`, `oifname { ${devices} } goto ${first}`],
    'type filter hook forward priority 0; policy accept;',
  );
  return rules;
}

/** What of a snapshot the kernel is not told, for people; empty where nothing. */
export function notFollowed({ blockPublicAccess, vpcs }: VpcSnapshot): string[] {
  return [
    ...(blockPublicAccess.length > 0 ? ['VPC Block Public Access'] : []),
    ...(vpcs.some(({ encryption }) => encryption === 'enforce') ? ['VPC encryption controls'] : []),
  ];
}

type Parts = {
  readonly snapshot: VpcSnapshot;
  readonly book: DecisionBook;
  readonly rules: Rules;
};

function denyAt(book: DecisionBook, at: number, side: Side): string {
  const stage = side === 'ingress' ? 'sg-ingress' : 'sg-egress';
  return `meta mark set ${hex(book.mark(decisionOf(at, side, 'REJECT', stage, 0)))} goto ${REJECT_CHAIN}`;
}

/** The chains `in_3` or `out_3` and what they lead to. */
function addSide(parts: Parts, at: number, side: Side): void {
  const { snapshot, book, rules } = parts;
  const one = snapshot.interfaces[at]!;
  const name = `${WORD[side]}_${at}`;
  const hasGroups = one.groups.length > 0;
  const isAsked = addAclChain(snapshot, at, side, `acl_${name}`, !hasGroups, book, rules);
  const acl = isAsked ? [`jump acl_${name}`] : [];
  if (hasGroups) addGroups(parts, at, side);
  const judged = hasGroups
    ? [`jump sg_${name}`]
    : [`meta mark set ${hex(book.mark(decisionOf(at, side, 'ACCEPT', 'not-judged', 0)))}`];
  const order = side === 'egress' || !hasGroups ? [...judged, ...acl] : [...acl, ...judged];
  rules.chain(name, [...ownCheck(one, side), ...order, `jump ${ACCOUNT}`]);
}

function ownCheck(one: VpcSnapshot['interfaces'][number], side: Side): string[] {
  if (!one.sourceDestCheck) return [];
  const chain = side === 'egress' ? 'not_own' : 'not_own_in';
  return ([4, 6] as const).map((family) => {
    const own = ownBlocks(one, family);
    if (own.length === 0) return `meta nfproto ipv${family} goto ${chain}`;
    return `${addressField(family, side === 'egress' ? 'saddr' : 'daddr')} != ${listText(own)} goto ${chain}`;
  });
}

function decisionOf(
  at: number,
  direction: Side,
  action: 'ACCEPT' | 'REJECT',
  stage: Decision['stage'],
  rule: number,
): Decision {
  return { interface: at, direction, action, stage, rule, rejectReason: null, source: 'kernel' };
}

/**
 * Groups of an interface in a direction. A packet of a connection that this interface knows, by its slot in the connection's
 * mark, returns with the decision of that slot; any other one asks the rules.
 */
function addGroups({ snapshot, book, rules }: Parts, at: number, side: Side): void {
  const word = WORD[side];
  const name = `${word}_${at}`;
  const map = `dec_${name}`;
  const slots = book.slotsOf(at).filter(([, { rule }]) => rule >= 0);
  rules.add('map', map, 'type mark : mark;');
  rules.elements.set(
    map,
    slots.flatMap(([slot, { rule, direction }]) => {
      const stage = rule === 0 ? 'not-judged' : direction === 'ingress' ? 'sg-ingress' : 'sg-egress';
      const mark = hex(book.mark(decisionOf(at, side, 'ACCEPT', stage, rule)));
      return [`${hex(slot)} : ${mark}`, `${hex(slot * 0x10000)} : ${mark}`];
    }),
  );
  // The side that opened leaves by the original direction and is entered by replies.
  const opener = side === 'egress' ? 'original' : 'reply';
  const [opened, answered] = side === 'egress' ? [LOW, HIGH] : [HIGH, LOW];
  const hasUntracked = slots.some(([, { untracked }]) => untracked);
  const mine = (half: number): string => `meta mark set ct mark and ${hex(half)} map @${map} return`;
  const bit = (half: number): string => hex(half === LOW ? UNTRACKED_SLOT : UNTRACKED_SLOT * 0x10000);
  const known = (half: number): string => (hasUntracked ? `ct mark and ${bit(half)} == 0x0 ${mine(half)}` : mine(half));
  const still = (half: number): string[] =>
    hasUntracked ? [`ct mark and ${bit(half)} == ${bit(half)} ${mine(half)}`] : [];
  const byRule = `meta mark set meta mark map @${map}`;
  rules.chain(`sg_${name}`, [
    `ct state related goto rel_${name}`,
    `ct direction original goto new_${name}`,
    known(answered),
    `jump ev_${name}`,
    ...still(answered),
    byRule,
  ]);
  rules.chain(`new_${name}`, [known(opened), `jump ev_${name}`, ...still(opened), ...keeping(), byRule]);
  // An ICMP error has the mark of the connection that it quotes, which may be another interface's.
  const own = ([4, 6] as const).flatMap((family) => {
    const blocks = ownBlocks(snapshot.interfaces[at]!, family);
    if (blocks.length === 0) return [];
    const ip = family === 4 ? 'ip' : 'ip6';
    const where = (direction: 'original' | 'reply', half: number): string => {
      const end = (direction === opener) === (side === 'egress') ? 'saddr' : 'daddr';
      return `meta nfproto ipv${family} ct direction ${direction} ct original ${ip} ${end} ${listText(blocks)} ${known(half)}`;
    };
    return side === 'egress'
      ? [where('original', LOW), where('reply', HIGH)]
      : [where('original', HIGH), where('reply', LOW)];
  });
  rules.chain(`rel_${name}`, [...own, `jump ev_${name}`, byRule]);

  /** Writes the slot into this side's half of the connection's mark; nft 1.0.6 can only or constants. */
  function keeping(): string[] {
    if (side === 'egress') return ['ct mark 0x0 ct mark set meta mark'];
    const keep = `keep_${name}`;
    rules.add('map', keep, 'type mark : verdict;');
    rules.elements.set(
      keep,
      slots.map(([slot]) => `${hex(slot)} : jump keep_${name}_${slot}`),
    );
    for (const [slot] of slots)
      rules.chain(`keep_${name}_${slot}`, [`ct mark set ct mark and 0xffff or ${hex(slot * 0x10000)}`]);
    return [`meta mark vmap @${keep}`];
  }
}
