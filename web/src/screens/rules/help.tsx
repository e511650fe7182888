/**
 * Help beside the screen *Rules*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function RulesHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Rules</h2>}>
      <p>
        Each accepted conversation of the time range is given to the rule that admitted it, by the rules as of its time.
        The rules are those of the newest network.
      </p>
      <h3>Marks</h3>
      <dl>
        <dt>Unused</dt>
        <dd>No conversation of this time range used it. A rule for the end of the year is unused in November.</dd>
        <dt>Shadowed</dt>
        <dd>Other rules admit or deny all that it would: without it nothing changes.</dd>
        <dt>Wider than used</dt>
        <dd>It allows more addresses or ports than were used.</dd>
      </dl>
      <h3>Suggestion</h3>
      <p>
        Choose a group, then <i>Suggest rules</i>: the fewest rules that the accepted conversations of its members need.
        Scans, what nobody answered and what was rejected lead to no rule. It is replayed over the same conversations
        before it is shown, and says what it would block.
      </p>
      <p>
        How many conversations to come would need another rule is estimated from how often rare ones were seen: the
        longer the time range, the better.
      </p>
    </HelpPanel>
  );
}
