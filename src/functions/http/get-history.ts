import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson, Problem, toRouteRegistry } from './answer.ts';
import { toPageQuery } from './query.ts';

app.http('getHistory', {
  route: 'registries/{subscription}/{resourceGroup}/{name}/history',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(async (request) => {
    const page = toPageQuery(request);
    const id = toRouteRegistry(request);
    const { queries } = monitor();
    if (!(await queries.registry(id)))
      throw new Problem(404, 'Not found', `Registry ${id.name} was never assessed`);
    return queries.history(id, page);
  }),
});
