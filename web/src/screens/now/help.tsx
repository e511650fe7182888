/**
 * Help beside the screen *Now*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function NowHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Now</h2>}>
      <p>What passes at this moment, and whether it becomes records in time.</p>
      <h3>Open windows</h3>
      <p>
        Records are written when their capture window closes, after a minute or ten. Until then the window is{' '}
        <b>open</b>: its records can be seen and queried, are marked as open, and come again, whole, when it closes. The
        rates, the graph by second and the last records are of open windows; a packet is usually here within a second.
        With a firewall that is observed or enforced it takes until the kernel’s counters are read.
      </p>
      <h3>Packets by second</h3>
      <p>
        What records of open windows took between two looks. Blue is accepted, hatched red is rejected. It begins when
        the screen is opened. Of several flow logs that write to this machine only the oldest is followed, or each
        packet would count more than once.
      </p>
      <h3>Last hour</h3>
      <p>The same by minute, from records. Drag to open a time in Explore.</p>
      <h3>Freshness</h3>
      <p>
        How long ago the newest window ended that is delivered, by the ledger of its destination. A window of one minute
        is about a minute and a half old when the next one comes; what goes to S3, CloudWatch Logs or Firehose waits up
        to five minutes more. Twice that is late.
      </p>
      <h3>Rejected just now</h3>
      <p>
        Where the kernel enforces groups and ACLs, each packet that it drops, with the rule. Of a firewall that is
        observed, flows of which it dropped packets, some seconds later; which of its rules that was it does not say. No
        record is made of this table: records have all packets, this has the newest.
      </p>
      <h3>Last records</h3>
      <p>
        Choose a cell with the pointer or the arrow keys. <kbd>=</kbd> shows records with its value in Explore,{' '}
        <kbd>c</kbd> copies the record. <b>Pause</b> stops the screen, and asks the server for nothing.
      </p>
      <p>With reduced motion, as the system is set, the screen changes every five seconds.</p>
    </HelpPanel>
  );
}
