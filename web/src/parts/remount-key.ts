/**
 * When a form begins anew: what it shows has come from elsewhere (a link, the browser's Back), and not from the form itself.
 *
 * In:    what the form is given. Out: a key for it; a function that says what the form gives away now.
 * Holds: whoever sends the form keeps the focus where it is.
 */
import { useRef, useState } from 'react';

export function useRemountKey(given: string): [key: number, tellOwn: (given: string) => void] {
  const own = useRef<string | null>(null);
  const [seen, setSeen] = useState({ key: 0, given });
  if (seen.given !== given) setSeen({ key: own.current === given ? seen.key : seen.key + 1, given });
  return [seen.key, (next) => (own.current = next)];
}
