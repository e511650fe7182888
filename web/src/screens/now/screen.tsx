/**
 * The screen *Now*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function NowScreen(): ReactNode {
  return <Screen title="Now">{null}</Screen>;
}
