/**
 * The screen *Topology*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function TopologyScreen(): ReactNode {
  return <Screen title="Topology">{null}</Screen>;
}
