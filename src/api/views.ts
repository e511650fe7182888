/**
 * Views of *Explore* that somebody saved under a name: `/api/views`, `/api/views/:id`.
 *
 * In:    nothing. Out: the types of their JSON.
 * Holds: a view is what an address says but the time range: the same question of another time. All users of a server have the
 *        same views.
 */

export type SavedView = {
  /** What it is called; one of a name. */
  readonly name: string;
  /** Text form, as in an address. */
  readonly filter: string;
  readonly by: readonly string[];
  readonly measure: string;
  /** Columns of the records; none: those of the screen. */
  readonly columns: readonly string[];
  readonly savedSeconds: number;
  /** Whose key saved it. */
  readonly savedBy: string;
};

/** `GET /api/views`, by name. */
export type ViewsAnswer = { readonly views: readonly SavedView[] };

/** Body of `PUT /api/views/:id`; the name is the last part of the path. */
export type SaveViewBody = Omit<SavedView, 'name' | 'savedSeconds' | 'savedBy'>;
