/**
 * Help beside the screen *SQL*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function SQLHelp(): ReactNode {
  return <HelpPanel header={<h2>SQL</h2>}>{null}</HelpPanel>;
}
