/**
 * The rules that a group needs, as its members' conversations show.
 *
 * In:    conversations, a model, a group. Out: the suggestion with what it rests on, and what replaying it finds.
 * Holds: what was rejected, refused or scanned leads to no rule. Nothing is widened unless that is allowed, and then only where there
 *        are more rules than there may be. The suggestion is replayed over the same conversations: what it blocks is told, and
 *        apart what of it was left out on purpose.
 * Fails: FG_GROUP_UNKNOWN.
 */
import type { ChangeStep } from '../../api/change.ts';
import type { LeftOut, SuggestedRule, Suggestion } from '../../api/suggestion.ts';
import { failure } from '../../model/errors.ts';
import { ConversationRules } from '../../network/verdict/conversation-rules.ts';
import { INGRESS } from '../../network/verdict/group-rules.ts';
import { formatCidr } from '../../network/vpc/addresses.ts';
import { compileSnapshot } from '../../network/vpc/model.ts';
import type { Model } from '../../network/vpc/model.ts';
import type { VpcSnapshot } from '../../network/vpc/snapshot.ts';
import { applyChange } from '../changes/apply.ts';
import type { Conversations } from '../conversations/conversations.ts';
import { leftOpenAt } from '../diagnose/left-open.ts';
import { EFFECTS, NEWLY_ALLOWED, NEWLY_BLOCKED, Replay } from '../replay/judged.ts';
import { numbersOf, ownAddressesOf, windowOf } from '../replay/replay.ts';
import { nearNames } from '../../query/near.ts';
import { describeRules } from './described-rules.ts';
import type { NeededPoint } from './described-rules.ts';
import type { Cover, WideningBits } from './cover.ts';
import { coverOf } from './cover.ts';
import { Needs, POINT_WORDS } from './needs.ts';
import { peerGroupsOf, referableGroups } from './peer-groups.ts';
import { findScans } from './scans.ts';
import { countsOf } from './widen.ts';

export type SuggestOptions = {
  /** Rules of one direction and family that a group may have; AWS's quota is 60 (VPC User Guide, "Quotas", November 2024). */
  readonly limit: number;
  /** Null: nothing is widened. */
  readonly widening: WideningBits | null;
};

const DIRECTIONS = ['ingress', 'egress'] as const;
/** Prefix lengths that are tried to say what would help. */
const TRIED_BITS = [28, 24, 20, 16, 12, 8, 0];

/** Prefix lengths for both families from that of IPv4. */
export function wideningOf(bits4: number, bits6?: number): WideningBits {
  return { bits4, bits6: bits6 ?? (bits4 >= 32 ? 128 : bits4 >= 16 ? 64 : bits4 >= 8 ? 48 : 0) };
}

/** Suggests. */
export async function suggest(
  conversations: Conversations,
  model: Model,
  before: ConversationRules,
  group: string,
  options: SuggestOptions,
): Promise<Suggestion> {
  const { snapshot } = before;
  const found = snapshot.groups.find(({ id, number }) => number > 0 && id === group);
  if (found === undefined)
    throw failure(
      'FG_GROUP_UNKNOWN',
      group,
      nearNames(
        group,
        snapshot.groups.slice(1).map(({ id }) => id),
      ),
    );
  const numbers = numbersOf(conversations, ownAddressesOf(before));
  const members = snapshot.interfaces.filter((one) => one.groups.includes(found.number));
  const isMember = new Set(members.map(({ number }) => number));
  const only = [...numbers].flatMap((number, at) => (isMember.has(number) ? [at] : []));
  const needs = new Needs(before, numbers, found.number);
  for await (const batch of conversations.batches(only)) needs.take(batch);
  const scans = findScans(needs);
  const isNeeded = (point: number): boolean => scans[point] === 0 && needs.isUsed(point);

  const points = DIRECTIONS.map((_, direction) => pointsOf(needs, direction, isNeeded, before, numbers));
  const groups = peerGroupsOf(snapshot);
  const room = { four: options.limit, six: options.limit };
  const coversWith = (bits: WideningBits | null): Cover[] =>
    points.map((list) =>
      coverOf(
        list.map(({ point }) => point),
        groups,
        room,
        bits,
      ),
    );
  const covers = coversWith(options.widening);
  const fits = covers.every((cover) => cover.fits);
  const rules = DIRECTIONS.flatMap((direction, at) =>
    describeRules(direction, covers[at]?.rules ?? [], points[at] ?? [], needs, snapshot, found),
  );
  const change = { changes: DIRECTIONS.map((direction) => replacing(group, direction, rules)) };
  const kept = new Set(rules.map(({ keeps }) => keeps));
  const superfluousOf = (own: readonly number[]): string[] =>
    own.map((rule) => snapshot.rules[rule]?.id ?? '').filter((id) => !kept.has(id));
  const [one, other] = covers.map((cover) => countsOf(cover.rules));
  return {
    group,
    window: windowOf(conversations),
    members: members.length,
    membersWithoutRecords: members.filter(({ number }) => !numbers.includes(number)).map(({ id }) => id),
    rules,
    superfluous: superfluousOf([...found.ingress, ...found.egress]),
    superfluousEgress: superfluousOf(found.egress),
    limit: options.limit,
    counts: { ingress: one ?? { four: 0, six: 0 }, egress: other ?? { four: 0, six: 0 } },
    fits,
    isWidened: covers.some((cover) => cover.isWidened),
    widenWith: fits
      ? null
      : (TRIED_BITS.find(
          (bits) => bits < (options.widening?.bits4 ?? 33) && coversWith(wideningOf(bits)).every((cover) => cover.fits),
        ) ?? null),
    unseenShare: unseenShareOf(needs, isNeeded),
    conversations: sumOf(needs, needs.accepted, isNeeded),
    openerUnknown: needs.openerUnknown,
    leftOut: {
      scans: leftOutOf(needs, numbers, snapshot, (point) => scans[point] === 1),
      unanswered: leftOutOf(needs, numbers, snapshot, (point) => scans[point] === 0 && !needs.isUsed(point)),
      rejected: sumOf(needs, needs.rejected, () => true),
      notPlaced: needs.notPlaced,
      ofOthers: needs.ofOthers,
    },
    replay: await replayed(conversations, model, before, change, numbers, only, needs, isNeeded),
    change,
    notUnderstood: leftOpenAt(
      snapshot,
      members.map(({ number }) => number),
      [group],
    ),
  };
}

function pointsOf(
  needs: Needs,
  direction: number,
  isNeeded: (point: number) => boolean,
  { snapshot, paths }: ConversationRules,
  numbers: Uint32Array,
): readonly NeededPoint[] {
  const points: NeededPoint[] = [];
  for (let number = 0; number < needs.table.size; number++) {
    const [head = 0, port = 0, at = 0, ...words] = needs.table.words.subarray(
      number * POINT_WORDS,
      (number + 1) * POINT_WORDS,
    );
    if ((head & 1) !== direction || !isNeeded(number)) continue;
    const family = (head & 2) === 0 ? 4 : 6;
    const address = { family, words: words.slice(0, family === 4 ? 1 : 4) } as const;
    const far = needs.far[number] as number;
    const isReferable = far !== 0 && referableGroups(snapshot, paths, numbers[at] ?? 0, far, address);
    points.push({ number, point: { protocol: head >>> 8, port, peer: isReferable ? far : address } });
  }
  return points;
}

function replacing(group: string, direction: 'ingress' | 'egress', rules: readonly SuggestedRule[]): ChangeStep {
  return {
    do: 'replace-rules',
    group,
    direction,
    rules: rules
      .filter((rule) => rule.direction === direction)
      .map(({ protocol, ports, peer }) => ({ protocol, ...(ports === null ? {} : { ports }), peer })),
  };
}

function sumOf(needs: Needs, values: Float64Array, is: (point: number) => boolean): number {
  let sum = 0;
  for (let point = 0; point < needs.table.size; point++) if (is(point)) sum += values[point] as number;
  return sum;
}

function unseenShareOf(needs: Needs, isNeeded: (point: number) => boolean): number | null {
  let once = 0;
  let all = 0;
  for (let point = 0; point < needs.table.size; point++) {
    if (!isNeeded(point)) continue;
    all += needs.accepted[point] as number;
    if (needs.accepted[point] === 1) once++;
  }
  return all === 0 ? null : once / all;
}

/** Sources that are named. */
const EXAMPLES = 5;

function leftOutOf(
  needs: Needs,
  numbers: Uint32Array,
  { interfaces }: VpcSnapshot,
  is: (point: number) => boolean,
): LeftOut {
  const sources = new Map<string, number>();
  let conversations = 0;
  for (let point = 0; point < needs.table.size; point++) {
    const accepted = needs.accepted[point] as number;
    if (accepted === 0 || !is(point)) continue;
    conversations += accepted;
    const [head = 0, , at = 0, ...words] = needs.table.words.subarray(point * POINT_WORDS, (point + 1) * POINT_WORDS);
    const family = (head & 2) === 0 ? 4 : 6;
    const bits = family === 4 ? 32 : 128;
    const address = formatCidr({ family, words: words.slice(0, family === 4 ? 1 : 4), bits });
    const source =
      (head & 1) === INGRESS ? address.slice(0, address.indexOf('/')) : (interfaces[numbers[at] ?? 0]?.id ?? '');
    sources.set(source, (sources.get(source) ?? 0) + accepted);
  }
  const named = [...sources].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1));
  return { conversations, sources: sources.size, examples: named.slice(0, EXAMPLES).map(([source]) => source) };
}

async function replayed(
  conversations: Conversations,
  model: Model,
  before: ConversationRules,
  change: { readonly changes: readonly ChangeStep[] },
  numbers: Uint32Array,
  only: readonly number[],
  needs: Needs,
  isNeeded: (point: number) => boolean,
): Promise<Suggestion['replay']> {
  const applied = applyChange(model, { name: 'suggestion', steps: change.changes, notes: [] });
  const after = compileSnapshot(applied.model, { version: 2, atMicros: 0, before: before.snapshot });
  const judging = new Replay(before, new ConversationRules(after, before.ends), numbers);
  const counts = new Float64Array(EFFECTS);
  let all = 0;
  let leftOut = 0;
  for await (const batch of conversations.batches(only))
    judging.take(batch, (row) => {
      all++;
      const { effect } = judging.judged;
      counts[effect]!++;
      if (effect !== NEWLY_BLOCKED) return;
      const request = needs.settle(batch, row);
      const ways = request < 0 ? DIRECTIONS.map((_, direction) => direction) : [request];
      if (ways.every((way) => !isNeeded(needs.pointOf(batch, row, way)))) leftOut++;
    });
  return {
    conversations: all,
    newlyBlocked: counts[NEWLY_BLOCKED] as number,
    leftOut,
    newlyAllowed: counts[NEWLY_ALLOWED] as number,
  };
}
