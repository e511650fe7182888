/**
 * What every screen has around it: its title, its time range, its actions.
 */
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';
import { TimeRange } from './time-range.tsx';

/** @param time  whether the screen shows what was in the chosen time */
export function Screen({
  title,
  description,
  time = true,
  actions,
  children,
}: {
  readonly title: string;
  readonly description?: ReactNode;
  readonly time?: boolean;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}): ReactNode {
  const right = (
    <SpaceBetween direction="horizontal" size="xs">
      {actions}
      {time && <TimeRange />}
    </SpaceBetween>
  );
  return (
    <ContentLayout
      defaultPadding
      header={
        <Header variant="h1" description={description} actions={right}>
          {title}
        </Header>
      }
    >
      {children}
    </ContentLayout>
  );
}
