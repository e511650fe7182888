/**
 * `GET /api/views`, `PUT` and `DELETE /api/views/:id`: views of *Explore* under a name.
 *
 * In:    a name in the path, `SaveViewBody`. Out: `ViewsAnswer`.
 * Fails: FG_REQUEST_BODY, FG_REQUEST_QUERY, FG_VIEWS_*; 404 for a name that is none.
 */
import type { ViewsAnswer } from '../../../../api/views.ts';
import { failure } from '../../../../model/errors.ts';
import { readBody } from '../read-body.ts';
import type { ConsoleRoute } from '../route.ts';
import { notFound } from '../route.ts';
import { VIEW_BODY, putView, readViews, removeView } from '../saved-views.ts';

export const listViewsRoute: ConsoleRoute = {
  method: 'GET',
  path: '/api/views',
  role: 'read',
  handle: async (_, { dataDirectory }) => ({
    status: 200,
    json: { views: readViews(dataDirectory) } satisfies ViewsAnswer,
  }),
};

export const saveViewRoute: ConsoleRoute = {
  method: 'PUT',
  path: '/api/views/:id',
  role: 'operate',
  async handle({ id, body, who }, { dataDirectory, now }) {
    const name = (id ?? '').trim();
    if (name === '' || name.length > 100)
      throw failure('FG_REQUEST_QUERY', 'name', name, 'a name of 100 characters at most');
    const view = { ...readBody(VIEW_BODY, body), name, savedSeconds: Math.floor(now() / 1000), savedBy: who.keyId };
    putView(dataDirectory, view);
    return { status: 200, json: { views: readViews(dataDirectory) } satisfies ViewsAnswer };
  },
};

export const removeViewRoute: ConsoleRoute = {
  method: 'DELETE',
  path: '/api/views/:id',
  role: 'operate',
  async handle({ id }, { dataDirectory }) {
    if (!removeView(dataDirectory, id ?? '')) throw notFound(`view "${id}"`);
    return { status: 200, json: { views: readViews(dataDirectory) } satisfies ViewsAnswer };
  },
};
