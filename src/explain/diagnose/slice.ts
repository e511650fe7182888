/**
 * The part of a snapshot that some interfaces depend on, as a snapshot of its own.
 *
 * In:    interfaces. Out: a small snapshot with them, their groups, ACLs, subnets and route tables; VPCs keep their places.
 * Holds: asked about these interfaces it says what the whole says, so a change can be tried without compiling everything.
 */
import type { Interface, RouteTarget, Rule, VpcSnapshot } from '../../network/vpc/snapshot.ts';

export type Slice = {
  readonly snapshot: VpcSnapshot;
  /** Where an interface of the whole is. */
  readonly placeOf: (at: number) => number;
  /** Groups of the whole by their place. */
  readonly groups: readonly number[];
  /** What an id stands for in routes of the whole, also in tables that are not part of it. */
  readonly targetOf: (id: string) => RouteTarget | null;
};

/** New positions for old ones, from 1 up; 0 stays. */
class Places {
  readonly old: number[] = [0];
  readonly #places = new Map([[0, 0]]);

  add(number: number): number {
    const known = this.#places.get(number);
    if (known !== undefined) return known;
    this.#places.set(number, this.old.length);
    return this.old.push(number) - 1;
  }

  find(number: number): number {
    return this.#places.get(number) ?? 0;
  }
}

/** Cuts it out. */
export function sliceOf(whole: VpcSnapshot, interfaces: readonly number[]): Slice {
  const [at, subnets, groups, acls, tables, rules] = [0, 0, 0, 0, 0, 0].map(() => new Places()) as [
    Places,
    Places,
    Places,
    Places,
    Places,
    Places,
  ];
  for (const number of interfaces) at.add(number);
  const placed = at.old.map((number, place): Interface => {
    const one = whole.interfaces[number]!;
    return {
      ...one,
      number: place,
      subnet: subnets.add(one.subnet),
      groups: one.groups.map((group) => groups.add(group)),
    };
  });
  const placedSubnets = subnets.old.map((number, place) => {
    const one = whole.subnets[number]!;
    return { ...one, number: place, acl: acls.add(one.acl), routeTable: tables.add(one.routeTable) };
  });
  const withRules = <T extends { readonly ingress: readonly number[]; readonly egress: readonly number[] }>(
    list: readonly T[],
    places: Places,
  ): T[] =>
    places.old.map((number, place) => {
      const one = list[number]!;
      const moved = (numbers: readonly number[]): number[] => numbers.map((rule) => rules.add(rule));
      return { ...one, number: place, ingress: moved(one.ingress), egress: moved(one.egress) };
    });
  const placedGroups = withRules(whole.groups, groups);
  const placedAcls = withRules(whole.acls, acls);
  const targets = new Map<RouteTarget, RouteTarget>();
  const moveTarget = (target: RouteTarget): RouteTarget => {
    const moved = targets.get(target) ?? {
      ...target,
      interface: at.find(target.interface),
      ...(target.interfaces ? { interfaces: target.interfaces.map((one) => at.find(one)).filter((n) => n > 0) } : {}),
    };
    targets.set(target, moved);
    return moved;
  };
  const snapshot: VpcSnapshot = {
    ...whole,
    interfaces: placed,
    subnets: placedSubnets,
    groups: placedGroups,
    acls: placedAcls,
    rules: rules.old.map((number, place): Rule => ({ ...whole.rules[number]!, number: place })),
    routeTables: tables.old.map((number, place) => {
      const table = whole.routeTables[number]!;
      const routes = table.routes.map((route) => ({ ...route, target: moveTarget(route.target) }));
      return { ...table, number: place, routes };
    }),
    blockPublicAccess: whole.blockPublicAccess.flatMap(({ subnet, mode }) => {
      const place = subnets.find(subnet);
      return place > 0 ? [{ subnet: place, mode }] : [];
    }),
    flowLogs: [],
  };
  const targetOf = (id: string): RouteTarget | null => {
    const known = whole.routeTables.flatMap(({ routes }) => routes).find(({ target }) => target.id === id);
    return known ? moveTarget(known.target) : null;
  };
  return { snapshot, placeOf: (number) => at.find(number), groups: groups.old, targetOf };
}
