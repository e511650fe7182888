/**
 * Which fields a network cannot fill.
 *
 * In:    what records would be printed from. Out: the fields that are `-` in every one of them.
 * Holds: a field is named only where no packet whatever could fill it; `text` of the field table is asked, nothing else,
 *        but for three fields that packets of a fitting network alone can fill.
 */
import type { Decision, VpcSnapshot } from '../network/vpc/snapshot.ts';
import type { Field, World } from './fields/field.ts';
import { FIELDS } from './fields/list.ts';

/** What must be in the network besides interfaces, for fields whose text does not tell. */
const NEEDED: Readonly<Record<string, (snapshot: VpcSnapshot) => boolean>> = {
  'traffic-path': ({ routeTables }) => routeTables.length > 1,
  'encryption-status': ({ vpcs }) => vpcs.some((vpc) => vpc?.encryption),
  'reject-reason': ({ vpcs, blockPublicAccess }) =>
    blockPublicAccess.length > 0 || vpcs.some((vpc) => vpc?.encryption === 'enforce'),
  'x-rule-id': ({ rules }) => rules.length > 1,
  'x-verdict-stage': ({ rules }) => rules.length > 1,
};

/** A decision of an interface that nothing was asked about. */
const undecided = (of: number): Decision => ({
  interface: of,
  direction: null,
  action: null,
  stage: 'not-judged',
  rule: 0,
  rejectReason: null,
  source: 'none',
});

function canBeFilled(field: Field, world: World): boolean {
  const { print } = field;
  const { snapshot } = world;
  const needed = NEEDED[field.name];
  if (needed !== undefined) return needed(snapshot);
  if (print.kind === 'none') return false;
  if (print.kind === 'numbered')
    return Array.from({ length: print.count(world) }, (_, number) => print.text(number, world)).some(Boolean);
  if (print.kind === 'written' || field.from !== 'interface') return true;
  return snapshot.interfaces.some(
    (entry, at) => at > 0 && Boolean(print.text({ ...world, interface: entry, decision: undecided(at), status: 'OK' })),
  );
}

/**
 * The fields that are `-` in all records of all these worlds, in the order of the table.
 *
 * @param worlds  one for each flow log
 */
export function absentFields(worlds: readonly World[]): Field[] {
  return FIELDS.filter((field) => !worlds.some((world) => canBeFilled(field, world)));
}
