/**
 * Help beside the screen *Rejected*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function RejectedHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Rejected</h2>}>
      <p>
        Every record of the time range that says REJECT, gathered by what rejected it, by the rules as they were at the
        record&rsquo;s time.
      </p>
      <h3>Order</h3>
      <p>
        First what passed before and is rejected now: somebody misses it. Then what was first seen late in the range,
        then everything else, by its number of records.
      </p>
      <h3>Causes</h3>
      <dl>
        <dt>Security group</dt>
        <dd>No rule of the interface&rsquo;s groups admits it: denied by default. The nearest rules are shown.</dd>
        <dt>Network ACL</dt>
        <dd>An entry of the subnet&rsquo;s ACL denies it.</dd>
        <dt>Closed connection</dt>
        <dd>A late packet of a connection that had ended. Nothing is to be opened.</dd>
        <dt>VPC control</dt>
        <dd>VPC Block Public Access or encryption controls.</dd>
        <dt>Not explained</dt>
        <dd>The rules that are known admit it, or its interface is not known. That is said, and no rule is blamed.</dd>
      </dl>
      <h3>How sure</h3>
      <p>
        <i>From the kernel</i>: the record itself says that the kernel dropped it by this rule. <i>Certain</i>: the
        rules of that time leave one answer. <i>One of several</i>: the record does not tell enough, or the rules
        changed about then.
      </p>
      <h3>From here</h3>
      <p>
        Choose a cause to see each step, the nearest rules and the smallest change that opens it.{' '}
        <i>Try it in What-if</i> replays recorded traffic under that change. Numbers lead to the records behind them.
      </p>
    </HelpPanel>
  );
}
