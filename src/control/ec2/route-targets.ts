/**
 * What becomes of routes when the thing that they lead to goes or comes back.
 *
 * In:    the member of a route that names its target, and an id. Out: the routes of an account and region that name it are
 *        black holes, or active again.
 * Holds: a route stays until it is deleted, as on AWS, but for those that AWS takes away itself.
 */
import type { Change } from './action.ts';
import type { Items } from './items.ts';

export type Route = NonNullable<Items['RouteTables']['Routes']>[number];
export type TargetMember = keyof Route;

/** Marks the routes to a target. */
export function markRoutes(resources: Change, member: TargetMember, id: string, state = 'blackhole'): void {
  changeRoutes(resources, (routes) =>
    routes.map((route) => (route[member] === id && route.State !== state ? { ...route, State: state } : route)),
  );
}

/** Takes the routes to a target away. */
export function removeRoutes(resources: Change, member: TargetMember, id: string): void {
  changeRoutes(resources, (routes) => routes.filter((route) => route[member] !== id));
}

function changeRoutes(resources: Change, change: (routes: readonly Route[]) => readonly Route[]): void {
  for (const table of resources.list('RouteTables')) {
    const before = table.Routes ?? [];
    const after = change(before);
    if (after.length !== before.length || after.some((route, i) => route !== before[i]))
      resources.put('RouteTables', { ...table, Routes: after });
  }
}
