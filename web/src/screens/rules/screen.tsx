/**
 * The screen *Rules*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function RulesScreen(): ReactNode {
  return <Screen title="Rules">{null}</Screen>;
}
