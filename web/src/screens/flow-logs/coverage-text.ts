/**
 * What of a VPC or subnet is covered, in words.
 */
import type { CoveredPlace } from '../../../../src/api/flow-logs.ts';
import type { Health } from '../../words/flow-logs.ts';

export function coverageText({ interfaces, uncovered, partly }: CoveredPlace): Health {
  if (interfaces === 0) return { type: 'info', text: 'No interfaces' };
  if (uncovered === 0 && partly === 0) return { type: 'success', text: 'All' };
  const parts = [uncovered > 0 ? `${uncovered} without records` : '', partly > 0 ? `${partly} with a part` : ''];
  return { type: uncovered > 0 ? 'error' : 'warning', text: parts.filter(Boolean).join(', ') };
}
