/**
 * The screen *SQL*.
 */
import type { ReactNode } from 'react';
import { Screen } from '../../parts/screen.tsx';

export default function SQLScreen(): ReactNode {
  return <Screen title="SQL">{null}</Screen>;
}
