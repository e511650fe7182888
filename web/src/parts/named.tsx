/**
 * An id with its name, and links to where it is shown.
 */
import Link from '@cloudscape-design/components/link';
import type { ReactNode } from 'react';
import { useLocation } from 'wouter';
import { useScreenLink } from '../url-state.ts';
import type { Names } from './network.ts';
import type { ScreenAddress } from './screen-links.ts';
import { rulesAt } from './screen-links.ts';

/** `web (eni-0a…)`, or the id alone. */
export function Named({ id, names }: { readonly id: string; readonly names: Names }): ReactNode {
  const name = names.get(id);
  return (
    <span className="breaks-anywhere">
      {name === undefined ? id : `${name} `}
      {name !== undefined && <span className="quiet">({id})</span>}
    </span>
  );
}

/** A link to another screen, with the time range of this one. */
export function ScreenLink({
  to: [path, own],
  children,
  label,
}: {
  readonly to: ScreenAddress;
  readonly children: ReactNode;
  /** Where the words alone do not say what it is. */
  readonly label?: string;
}): ReactNode {
  const [, navigate] = useLocation();
  const link = useScreenLink();
  return (
    // A row that is chosen by a click is not chosen by a link in it.
    <span onClick={(event) => event.stopPropagation()}>
      <Link
        href={link(path, own)}
        {...(label === undefined ? {} : { ariaLabel: label })}
        onFollow={(event) => {
          event.preventDefault();
          navigate(event.detail.href!);
        }}
      >
        {children}
      </Link>
    </span>
  );
}

/** The id of a rule, leading to its group or ACL where that is known. */
export function RuleLink({ id, of }: { readonly id: string; readonly of: string | null }): ReactNode {
  if (of === null) return <span className="breaks-anywhere">{id}</span>;
  return <ScreenLink to={rulesAt(of, id)}>{id}</ScreenLink>;
}
