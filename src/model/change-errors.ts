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
  FG_CHANGE_FORM: {
    owner: 'content',
    text: (path: string) =>
      `${path} is neither a change ({"changes": […]}) nor what \`terraform show -json PLAN\` prints; nothing was replayed; docs/replay.md shows both`,
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
