/**
 * Help beside the screen *Flow logs*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function FlowLogsHelp(): ReactNode {
  return <HelpPanel header={<h2>Flow logs</h2>}>{null}</HelpPanel>;
}
