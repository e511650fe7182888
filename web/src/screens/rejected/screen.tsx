/**
 * The screen *Rejected*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function RejectedScreen(): ReactNode {
  return <Screen title="Rejected">{null}</Screen>;
}
