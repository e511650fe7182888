/**
 * The part of the catalogue of errors that is about proposed changes and what is asked of them.
 *
 * In:    the facts of what happened. Out: words.
 * Holds: as errors.ts.
 */

/** Entries of `ERRORS`. */
export const CHANGE_ERRORS = {
  FG_CHANGE_UNREADABLE: {
    owner: 'command-line',
    text: (path: string, reason: string) =>
      `the change ${path} cannot be read: ${reason}; nothing was replayed; --change takes a JSON file, or two folders of describe answers, before and after`,
  },
  FG_CHANGE_NOT_JSON: {
    owner: 'content',
    text: (path: string, reason: string) =>
      `the change ${path} is not JSON: ${reason}; nothing was replayed; write it again, or give the file that holds one`,
  },
  FG_CHANGE_FORM: {
    owner: 'content',
    text: (path: string) =>
      `${path} is none of what --change takes; nothing was replayed; give a change ({"changes": […]}, as \`suggest -o json\` prints), the JSON of \`flowgauge diagnose --json\`, what \`terraform show -json PLAN\` prints, or two folders of describe answers; docs/replay.md shows them`,
  },
  FG_CHANGE_NO_FIX: {
    owner: 'content',
    text: (path: string, unspoken: number) =>
      unspoken === 0
        ? `${path} is a diagnosis that proposes no change; nothing was replayed; write the change as {"changes": […]}, which docs/replay.md shows`
        : `${path} is a diagnosis, and what it proposes is of a kind that cannot be replayed, such as a public address or an exclusion; nothing was replayed; write what rules change as {"changes": […]}, which docs/replay.md shows`,
  },
  FG_CHANGE_WHICH: {
    owner: 'command-line',
    text: (path: string, given: string | null, fixes: readonly string[]) =>
      `${path} proposes ${fixes.length === 1 ? 'one change' : `${fixes.length} changes`}${given === null ? '' : `, and --fix ${given} is none of them`}; nothing was replayed; choose with --fix: ${fixes.slice(0, 10).join('; ')}${fixes.length > 10 ? `; and ${fixes.length - 10} more` : ''}${fixes.length > 1 ? '; all for all of them together' : ''}`,
  },
  FG_CHANGE_FIX: {
    owner: 'command-line',
    text: (path: string) =>
      `--fix chooses among the changes that a diagnosis proposes, and ${path} is none; nothing was replayed; leave --fix out`,
  },
  FG_CHANGE_VALUE: {
    owner: 'content',
    text: (file: string, place: string, value: string, wanted: string) =>
      `${file}: ${place} is ${value}, not ${wanted}; nothing was replayed; docs/replay.md has every step of a change`,
  },
  FG_GROUP_UNKNOWN: {
    owner: 'command-line',
    text: (group: string, near: readonly string[]) =>
      `the model has no security group ${group}${near.length === 0 ? '' : `; it has ${near.join(', ')}`}; nothing was suggested; name one of its SecurityGroups`,
  },
  FG_SUGGEST_VALUE: {
    owner: 'command-line',
    text: (option: string, value: string, wanted: string) =>
      `${option} ${value} cannot be read; nothing was suggested; give ${wanted}`,
  },
} as const;
