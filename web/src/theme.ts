/**
 * Light or dark.
 *
 * In:    the user's choice, kept in this browser; without one, the system's. Out: the page in it.
 * Holds: the system's changes are followed while nothing was chosen.
 */
import { applyMode, Mode } from '@cloudscape-design/global-styles';

export type Theme = 'system' | 'light' | 'dark';

const NAME = 'flowgauge-theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

/** The choice. */
export function storedTheme(): Theme {
  const found = localStorage.getItem(NAME);
  return found === 'light' || found === 'dark' ? found : 'system';
}

/** Whether the page is dark now; charts that draw by themselves ask. */
export function isDark(): boolean {
  const theme = storedTheme();
  return theme === 'dark' || (theme === 'system' && dark.matches);
}

/** Event on `window` after the page has become light or dark. */
export const THEME_CHANGED = 'flowgauge-theme-changed';

function show(): void {
  applyMode(isDark() ? Mode.Dark : Mode.Light);
  window.dispatchEvent(new Event(THEME_CHANGED));
}

/** Keeps and shows another choice. */
export function chooseTheme(theme: Theme): void {
  if (theme === 'system') localStorage.removeItem(NAME);
  else localStorage.setItem(NAME, theme);
  show();
}

/** Shows what was chosen, and follows the system from now on. */
export function followTheme(): void {
  dark.addEventListener('change', show);
  show();
}
