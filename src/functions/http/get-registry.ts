import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson, Problem, toRouteRegistry } from './answer.ts';
import { refuseQuery } from './query.ts';

app.http('getRegistry', {
  route: 'registries/{subscription}/{resourceGroup}/{name}',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(async (request) => {
    refuseQuery(request);
    const id = toRouteRegistry(request);
    const registry = await monitor().queries.registry(id);
    if (!registry) throw new Problem(404, 'Not found', `Registry ${id.name} was never assessed`);
    return registry;
  }),
});
