/**
 * The frame around the screens: navigation at the top and at the side, messages, help.
 */
import Alert from '@cloudscape-design/components/alert';
import AppLayout from '@cloudscape-design/components/app-layout';
import Box from '@cloudscape-design/components/box';
import SideNavigation from '@cloudscape-design/components/side-navigation';
import Spinner from '@cloudscape-design/components/spinner';
import TopNavigation from '@cloudscape-design/components/top-navigation';
import { Component, Suspense, useEffect, useState } from 'react';
import type { ReactNode } from 'react';
import { Redirect, useLocation } from 'wouter';
import { logOut } from './api-client.ts';
import { FlashProvider } from './flash.tsx';
import { SCREENS } from './screens/list.ts';
import { useSession } from './session.tsx';
import { SidePanelProvider } from './side-panel.tsx';
import { chooseTheme, storedTheme } from './theme.ts';
import type { Theme } from './theme.ts';
import { useScreenLink } from './url-state.ts';

const THEMES: readonly { readonly id: Theme; readonly text: string }[] = [
  { id: 'system', text: 'As the system' },
  { id: 'light', text: 'Light' },
  { id: 'dark', text: 'Dark' },
];

/** There is room for the navigation beside a screen. */
const WIDE = '(min-width: 1000px)';

/** Cloudscape has a bar of its own in narrow windows, a `nav` with an attribute that its role does not know (components 3.0.1383). */
function useKnownAttributes(): void {
  useEffect(() => {
    const wide = matchMedia(WIDE);
    const mend = (): void => {
      if (!wide.matches) document.querySelector('nav[aria-orientation]')?.removeAttribute('aria-orientation');
    };
    mend();
    const observer = new MutationObserver(mend);
    observer.observe(document.body, { childList: true, subtree: true });
    return () => observer.disconnect();
  }, []);
}

/** @param left  called when the user has logged out */
export function Frame({ left }: { readonly left: () => void }): ReactNode {
  const [path, navigate] = useLocation();
  const link = useScreenLink();
  const [toolsOpen, setToolsOpen] = useState(false);
  const [navigationOpen, setNavigationOpen] = useState(() => matchMedia(WIDE).matches);
  useKnownAttributes();
  useEffect(() => {
    const wide = matchMedia(WIDE);
    // Where there is no room it would cover the screen.
    const follow = (): void => setNavigationOpen(wide.matches);
    wide.addEventListener('change', follow);
    return () => wide.removeEventListener('change', follow);
  }, []);
  const own = path.replace(/^\/console/, '');
  const screen = SCREENS.find((one) => own === one.path || own.startsWith(`${one.path}/`));
  useEffect(() => {
    document.title = screen === undefined ? 'flowgauge' : `${screen.title} | flowgauge`;
  }, [screen]);
  if (own === '' || own === '/') return <Redirect to={link(SCREENS[0]!.path)} replace />;
  return (
    <FlashProvider>
      {(bar) => (
        <>
          <div id="top">
            <Top left={left} />
          </div>
          <SidePanelProvider>
            {(panel) => (
              <AppLayout
                {...panel}
                headerSelector="#top"
                navigationOpen={navigationOpen}
                onNavigationChange={({ detail }) => setNavigationOpen(detail.open)}
                navigation={
                  <SideNavigation
                    header={{ text: 'VPC flow logs', href: link('/now') }}
                    activeHref={screen === undefined ? '' : link(screen.path)}
                    items={SCREENS.map(({ title, path }) => ({ type: 'link', text: title, href: link(path) }))}
                    onFollow={(event) => {
                      event.preventDefault();
                      navigate(event.detail.href);
                    }}
                  />
                }
                notifications={bar}
                stickyNotifications
                toolsOpen={toolsOpen}
                onToolsChange={({ detail }) => setToolsOpen(detail.open)}
                toolsHide={screen === undefined}
                tools={
                  screen !== undefined && (
                    <Suspense fallback={<Spinner />}>
                      <screen.Help />
                    </Suspense>
                  )
                }
                disableContentPaddings
                content={
                  screen === undefined ? (
                    <Box padding="xxl" textAlign="center">
                      There is no such page.
                    </Box>
                  ) : (
                    <Guard key={screen.path}>
                      <Suspense
                        fallback={
                          <div className="waiting" role="status" aria-label="Loading">
                            <Spinner size="large" />
                          </div>
                        }
                      >
                        <screen.Screen />
                      </Suspense>
                    </Guard>
                  )
                }
              />
            )}
          </SidePanelProvider>
        </>
      )}
    </FlashProvider>
  );
}

function Top({ left }: { readonly left: () => void }): ReactNode {
  const { keyId, account, role, demo, version } = useSession();
  const [theme, setTheme] = useState(storedTheme);
  return (
    <TopNavigation
      identity={{
        title: demo ? 'flowgauge: demo data' : 'flowgauge',
        href: '/console/',
        logo: { src: '/console/icon.svg', alt: '' },
      }}
      utilities={[
        {
          type: 'menu-dropdown',
          iconName: 'settings',
          ariaLabel: 'Settings',
          title: 'Settings',
          items: [
            {
              id: 'theme',
              text: 'Colours',
              items: THEMES.map(({ id, text }) => ({
                id,
                text,
                itemType: 'checkbox' as const,
                checked: id === theme,
              })),
            },
          ],
          onItemClick: ({ detail }) => {
            const chosen = THEMES.find(({ id }) => id === detail.id)!.id;
            chooseTheme(chosen);
            setTheme(chosen);
          },
        },
        {
          type: 'menu-dropdown',
          iconName: 'user-profile',
          text: keyId,
          description: `Account ${account}, may ${role}`,
          items: [
            { id: 'version', text: `flowgauge ${version}`, disabled: true },
            { id: 'out', text: 'Log out' },
          ],
          onItemClick: ({ detail }) => {
            if (detail.id === 'out') void logOut().finally(left);
          },
        },
      ]}
    />
  );
}

/** A screen that fails leaves the frame standing. */
class Guard extends Component<{ readonly children: ReactNode }, { readonly failed: Error | null }> {
  override state = { failed: null };

  static getDerivedStateFromError(failed: Error): { failed: Error } {
    return { failed };
  }

  override render(): ReactNode {
    const { failed } = this.state as { failed: Error | null };
    if (failed === null) return this.props.children;
    return (
      <Box padding="l">
        <Alert type="error" header="This screen has failed">
          {failed.message} Load the page again; if it fails again, please report it.
        </Alert>
      </Box>
    );
  }
}
