/**
 * The screens, in the order of the navigation; each is loaded when it is shown.
 */
import { lazy } from 'react';
import type { ComponentType } from 'react';

export type ScreenEntry = {
  readonly title: string;
  /** Under `/console`; what follows it is the screen's own. */
  readonly path: string;
  readonly Screen: ComponentType;
  readonly Help: ComponentType;
};

export const SCREENS: readonly ScreenEntry[] = [
  {
    title: 'Now',
    path: '/now',
    Screen: lazy(() => import('./now/screen.tsx')),
    Help: lazy(() => import('./now/help.tsx')),
  },
  {
    title: 'Explore',
    path: '/explore',
    Screen: lazy(() => import('./explore/screen.tsx')),
    Help: lazy(() => import('./explore/help.tsx')),
  },
  {
    title: 'Rejected',
    path: '/rejected',
    Screen: lazy(() => import('./rejected/screen.tsx')),
    Help: lazy(() => import('./rejected/help.tsx')),
  },
  {
    title: 'Diagnose',
    path: '/diagnose',
    Screen: lazy(() => import('./diagnose/screen.tsx')),
    Help: lazy(() => import('./diagnose/help.tsx')),
  },
  {
    title: 'What-if',
    path: '/what-if',
    Screen: lazy(() => import('./what-if/screen.tsx')),
    Help: lazy(() => import('./what-if/help.tsx')),
  },
  {
    title: 'Rules',
    path: '/rules',
    Screen: lazy(() => import('./rules/screen.tsx')),
    Help: lazy(() => import('./rules/help.tsx')),
  },
  {
    title: 'Topology',
    path: '/topology',
    Screen: lazy(() => import('./topology/screen.tsx')),
    Help: lazy(() => import('./topology/help.tsx')),
  },
  {
    title: 'Findings',
    path: '/findings',
    Screen: lazy(() => import('./findings/screen.tsx')),
    Help: lazy(() => import('./findings/help.tsx')),
  },
  {
    title: 'Flow logs',
    path: '/flow-logs',
    Screen: lazy(() => import('./flow-logs/screen.tsx')),
    Help: lazy(() => import('./flow-logs/help.tsx')),
  },
  {
    title: 'Storage',
    path: '/storage',
    Screen: lazy(() => import('./storage/screen.tsx')),
    Help: lazy(() => import('./storage/help.tsx')),
  },
  {
    title: 'Cost',
    path: '/cost',
    Screen: lazy(() => import('./cost/screen.tsx')),
    Help: lazy(() => import('./cost/help.tsx')),
  },
  {
    title: 'SQL',
    path: '/sql',
    Screen: lazy(() => import('./sql/screen.tsx')),
    Help: lazy(() => import('./sql/help.tsx')),
  },
];
