/**
 * What of the screen *Flow logs* stands in the address.
 *
 * In:    nothing. Out: parameters.
 */
import { numberParameter, textParameter, wordParameter } from '../../url-parameters.ts';

export const PARAMETERS = {
  show: wordParameter(['flow-logs', 'coverage'], 'flow-logs'),
  /** The flow log that is chosen. */
  id: textParameter(),
  doing: wordParameter(['none', 'create', 'replace', 'delete', 'tags'], 'none'),
  /** What a flow log is to be made of: ids with a plus between them. */
  of: textParameter(),
  /** Words that rows of the table have. */
  words: textParameter(),
  page: numberParameter(1, 1, 100_000),
};
