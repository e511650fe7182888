/**
 * Help beside the screen *Rejected*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function RejectedHelp(): ReactNode {
  return <HelpPanel header={<h2>Rejected</h2>}>{null}</HelpPanel>;
}
