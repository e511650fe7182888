/**
 * Help beside the screen *Explore*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function ExploreHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Explore</h2>}>
      <p>
        One filter and one time over a graph, its table and the records behind both. The address holds all of it: copy
        it, and whoever opens it sees the same.
      </p>
      <h3>Filter</h3>
      <p>
        Type an address, a network or a port, or choose a field: operators and values follow, the most frequent first.
        All conditions must hold. In the address they read
      </p>
      <pre>
        <code>action=REJECT,dstport=22|443,srcaddr=10.0.0.0/8</code>
      </pre>
      <p>
        <code>|</code> separates values of which one fits, <code>!=</code> holds where <code>=</code> does not, and{' '}
        <code>-</code> is a field that is absent. <code>addr</code> and <code>port</code> are either side.{' '}
        <code>service-port</code>, <code>direction</code> and <code>peer</code> are worked out from other fields: a note
        says what was taken for what.
      </p>
      <h3>Graph and table</h3>
      <p>
        Both come from one statement, which is shown below them. A record counts in the step in which it begins. The
        largest groups are told apart; all others are added up in <b>Other</b>, so that the parts always make the whole.
        A click on a value keeps only it; a click on a number shows its records.
      </p>
      <p>
        Drag over the graph to choose a time. By keyboard: arrow keys go from step to step, with Shift they choose a
        range, Enter takes it.
      </p>
      <p>
        <b>The period before</b> is as long as the chosen time and ends where it begins, or up to a step earlier.
      </p>
      <h3>Records</h3>
      <p>
        The newest first. Arrow keys, Page Up and Page Down go through them; <kbd>=</kbd> keeps only records with the
        value of the chosen cell, <kbd>!</kbd> leaves them out, <kbd>c</kbd> copies the record as the line of its log
        format. Of Parquet there is no line: the copy has the fields of the objects in the order of the table of fields.
      </p>
      <p>
        Fields that no object of the time holds are not offered as columns. A format cannot be changed: make a new flow
        log with the fields that you miss.
      </p>
      <h3>Views</h3>
      <p>
        Filter, fields, measure and columns under a name, for everybody who uses this server. The time is not part of
        it.
      </p>
    </HelpPanel>
  );
}
