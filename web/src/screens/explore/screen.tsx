/**
 * The screen *Explore*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function ExploreScreen(): ReactNode {
  return <Screen title="Explore">{null}</Screen>;
}
