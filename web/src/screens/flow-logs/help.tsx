/**
 * Help beside the screen *Flow logs*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function FlowLogsHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Flow logs</h2>}>
      <p>
        A flow log says whose traffic is recorded, which of it, in which fields, and where the records go. Nothing
        changes one once it is made: replace it.
      </p>
      <h3>Delivery</h3>
      <p>
        <b>Delivered</b>: the last delivery went. <b>Failing</b>: the destination refuses or does not answer; records
        wait on this host and are tried again. <b>Newest window</b> is the end of the last window that the ledger at the
        destination accounts for: the age of what can be queried.
      </p>
      <h3>Ledger</h3>
      <p>
        Packets that were counted = those in records + those that the traffic type leaves out + those that were lost.
        The numbers are of the time range above, as far as it is delivered.
      </p>
      <h3>Coverage</h3>
      <p>
        An interface that no flow log covers leaves no record, and neither does what no host captures. Choose what lacks
        records and create a flow log for it.
      </p>
      <h3>Create</h3>
      <p>
        All is checked as CreateFlowLogs checks it, in its words; the destination is asked. A bucket that cannot be
        reached now is taken: records wait for it. The preview comes from the printer that makes the records, for a
        network that is made up.
      </p>
      <h3>Replace</h3>
      <p>
        One flow log ends and its successor begins at a boundary of the windows of both. Until then both are listed.
        Nothing is missing between them, and nothing is there twice.
      </p>
      <h3>Elsewhere</h3>
      <p>
        The same by aws-cli: <code>create-flow-logs</code>, <code>describe-flow-logs</code>,{' '}
        <code>delete-flow-logs</code>; replacing is <code>flowgauge replace</code>, the ledger is proved by{' '}
        <code>flowgauge ledger verify</code>.
      </p>
    </HelpPanel>
  );
}
