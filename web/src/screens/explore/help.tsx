/**
 * Help beside the screen *Explore*.
 */
import HelpPanel from '@cloudscape-design/components/help-panel';
import type { ReactNode } from 'react';

export default function ExploreHelp(): ReactNode {
  return <HelpPanel header={<h2>Explore</h2>}>{null}</HelpPanel>;
}
