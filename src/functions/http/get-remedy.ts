import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson, toFound, toRouteRegistry } from './answer.ts';
import { toRulesQuery } from './query.ts';

app.http('getRemedy', {
  route: 'registries/{subscription}/{resourceGroup}/{name}/remedy',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(async (request, start) => {
    const rules = toRulesQuery(request);
    const id = toRouteRegistry(request);
    const { items } = toFound(await monitor().remedies(id, rules, start), id);
    return { registryId: id.id, items };
  }),
});
