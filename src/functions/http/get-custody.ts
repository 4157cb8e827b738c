import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson, Problem, toFound, toRouteRegistry } from './answer.ts';
import { refuseQuery } from './query.ts';

app.http('getCustody', {
  route: 'registries/{subscription}/{resourceGroup}/{name}/custody',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(async (request, start) => {
    refuseQuery(request);
    const id = toRouteRegistry(request);
    const answer = toFound(await monitor().custody(id, start), id);
    if (answer.state === 'no_key') {
      throw new Problem(
        409,
        'No key',
        `Registry ${id.name} has no key that could be looked at (${answer.reason})`,
      );
    }
    return answer.custody;
  }),
});
