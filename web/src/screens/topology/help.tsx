/**
 * Help beside the screen *Topology*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function TopologyHelp(): ReactNode {
  return <HelpPanel header={<h2>Topology</h2>}>{null}</HelpPanel>;
}
