/**
 * Help beside the screen *Now*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function NowHelp(): ReactNode {
  return <HelpPanel header={<h2>Now</h2>}>{null}</HelpPanel>;
}
