/**
 * Help beside the screen *Rules*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function RulesHelp(): ReactNode {
  return <HelpPanel header={<h2>Rules</h2>}>{null}</HelpPanel>;
}
