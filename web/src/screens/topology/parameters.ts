/**
 * What of the screen *Topology* stands in the address.
 *
 * In:    nothing. Out: parameters.
 */
import { TOPOLOGY_GROUPINGS, TOPOLOGY_MEASURES, TOPOLOGY_SCOPES } from '../../../../src/api/topology.ts';
import { numberParameter, textParameter, wordParameter } from '../../url-parameters.ts';

export const PARAMETERS = {
  filter: textParameter(),
  scope: wordParameter(TOPOLOGY_SCOPES, 'subnet'),
  grouping: wordParameter(TOPOLOGY_GROUPINGS, 'subnet'),
  measure: wordParameter(TOPOLOGY_MEASURES, 'bytes'),
  /** The box that is opened all the way. */
  focus: textParameter(),
  view: wordParameter(['picture', 'table'], 'picture'),
  /** A box, or an edge as its two boxes with ` | ` between. */
  chosen: textParameter(),
  /** A window; -1: the whole range. */
  at: numberParameter(-1, -1, 10_000),
};
