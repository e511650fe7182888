/**
 * What of the screen *Findings* stands in the address.
 *
 * In:    nothing. Out: parameters.
 */
import { numberParameter, textParameter, wordParameter } from '../../url-parameters.ts';

export const REACHES = ['24h', '7d', '30d', '90d'] as const;

export const PARAMETERS = {
  show: wordParameter(['findings', 'suppressions'], 'findings'),
  reach: wordParameter(REACHES, '7d'),
  state: wordParameter(['open', 'suppressed', 'all'], 'open'),
  severity: wordParameter(['all', 'high', 'medium', 'low', 'info'], 'all'),
  /** The finding that is chosen. */
  finding: textParameter(),
  doing: wordParameter(['none', 'suppress'], 'none'),
  /** Words that rows of the table have. */
  words: textParameter(),
  page: numberParameter(1, 1, 100_000),
};
