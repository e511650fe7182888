/**
 * The panel at the bottom or side of a screen, with details of what was chosen there.
 *
 * In:    a screen's `SidePanel`, wherever it stands. Out: its content in the frame's split panel while it is mounted.
 * Holds: there is one at a time. Closing tells the screen, which stops choosing; the panel itself keeps no state but its place.
 */
import type { AppLayoutProps } from '@cloudscape-design/components/app-layout';
import SplitPanel from '@cloudscape-design/components/split-panel';
import { createContext, use, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { createPortal } from 'react-dom';

type Shown = { readonly title: string; readonly close: () => void };
type Place = { readonly show: (shown: Shown | null) => void; readonly into: HTMLElement | null };

const PlaceContext = createContext<Place>({ show: () => undefined, into: null });

type PanelProps = Pick<
  AppLayoutProps,
  | 'splitPanel'
  | 'splitPanelOpen'
  | 'onSplitPanelToggle'
  | 'splitPanelPreferences'
  | 'onSplitPanelPreferencesChange'
  | 'splitPanelSize'
  | 'onSplitPanelResize'
>;

/** @param children  gets what the layout takes */
export function SidePanelProvider({ children }: { readonly children: (panel: PanelProps) => ReactNode }): ReactNode {
  const [shown, show] = useState<Shown | null>(null);
  const [into, setInto] = useState<HTMLElement | null>(null);
  const [position, setPosition] = useState<'side' | 'bottom'>('bottom');
  const [size, setSize] = useState(380);
  const place = useMemo(() => ({ show, into }), [into]);
  return (
    <PlaceContext value={place}>
      {children({
        ...(shown === null
          ? {}
          : {
              splitPanel: (
                <SplitPanel header={shown.title} closeBehavior="hide">
                  <div ref={setInto} />
                </SplitPanel>
              ),
            }),
        // Always given: what is not given at first the layout keeps for itself.
        splitPanelOpen: shown !== null,
        onSplitPanelToggle: ({ detail }) => !detail.open && shown?.close(),
        splitPanelPreferences: { position },
        onSplitPanelPreferencesChange: ({ detail }) => setPosition(detail.position),
        splitPanelSize: size,
        onSplitPanelResize: ({ detail }) => setSize(detail.size),
      })}
    </PlaceContext>
  );
}

/** @param close  called when the user closes it */
export function SidePanel({ title, close, children }: Shown & { readonly children: ReactNode }): ReactNode {
  const { show, into } = use(PlaceContext);
  const latest = useRef(close);
  useEffect(() => {
    latest.current = close;
  }, [close]);
  // Only another title is another panel: what shows it renders the screen anew.
  useEffect(() => show({ title, close: () => latest.current() }), [show, title]);
  useEffect(() => () => show(null), [show]);
  return into === null ? null : createPortal(children, into);
}
