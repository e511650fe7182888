/** Findings that end within so many seconds before now are told to be open, unless they are suppressed; `detect list` lists as many. */
export const OPEN_SECONDS = 604_800;
