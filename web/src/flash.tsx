/**
 * Messages above the screen: what was done, and what failed in the background.
 */
import Flashbar from '@cloudscape-design/components/flashbar';
import type { FlashbarProps } from '@cloudscape-design/components/flashbar';
import { createContext, use, useCallback, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

type Message = { readonly type: 'success' | 'error' | 'info' | 'warning'; readonly text: string };
/** Shows a message until it is dismissed; one with the same words takes the other's place. */
export type Flash = (message: Message) => void;

const FlashContext = createContext<Flash>(() => undefined);

/** What shows messages. */
export const useFlash = (): Flash => use(FlashContext);

const MOST = 5;

/** @param children  gets the bar to put where messages belong */
export function FlashProvider({ children }: { readonly children: (bar: ReactNode) => ReactNode }): ReactNode {
  const [messages, setMessages] = useState<readonly Message[]>([]);
  const flash = useCallback<Flash>(
    (message) => setMessages((before) => [...before.filter(({ text }) => text !== message.text), message].slice(-MOST)),
    [],
  );
  const items = useMemo(
    () =>
      messages.map(({ type, text }): FlashbarProps.MessageDefinition => ({
        id: text,
        type,
        content: text,
        dismissible: true,
        dismissLabel: 'Dismiss',
        onDismiss: () => setMessages((before) => before.filter((one) => one.text !== text)),
      })),
    [messages],
  );
  return <FlashContext value={flash}>{children(<Flashbar items={items} />)}</FlashContext>;
}
