/**
 * Help beside the screen *Topology*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function TopologyHelp(): ReactNode {
  return (
    <HelpPanel header={<h2>Topology</h2>}>
      <p>
        VPCs hold zones, zones hold subnets, subnets hold interfaces. The internet, services of AWS, peers and what is
        on premises stand at the right, gateways between. Lines are traffic in the chosen time and filter.
      </p>
      <h3>What a line says</h3>
      <p>
        Where both ends have records of the same traffic, each packet counts once: of the two sums the larger is taken,
        for one end may lack a flow log. What was rejected is dashed.
      </p>
      <h3>Nothing is left out</h3>
      <p>
        The boxes with the most traffic have a place of their own. The others of a parent are in one that says how many
        it stands for. Lines that are too many are drawn between the boxes around their ends. The sums of all lines are
        those of all records.
      </p>
      <h3>By keyboard</h3>
      <ul>
        <li>Tab leads into the picture; arrows go from box to box.</li>
        <li>Page Up leads out of a box, Page Down into it.</li>
        <li>Enter chooses, O opens, Escape chooses nothing.</li>
        <li>Plus, minus and 0 scale; Shift with arrows moves.</li>
        <li>The table has all that the picture has.</li>
      </ul>
      <h3>Time</h3>
      <p>
        The slider goes from window to window; play does so by itself. Addresses belong to whoever held them in that
        window; names and places are the newest.
      </p>
      <h3>Where it comes from</h3>
      <p>
        Facts: what was made here, attached or imported. A place without facts shows what records tell: fields vpc-id,
        subnet-id, az-id, interface-id and the addresses.
      </p>
    </HelpPanel>
  );
}
