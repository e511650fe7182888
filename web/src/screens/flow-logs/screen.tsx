/**
 * The screen *Flow logs*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function FlowLogsScreen(): ReactNode {
  return <Screen title="Flow logs">{null}</Screen>;
}
