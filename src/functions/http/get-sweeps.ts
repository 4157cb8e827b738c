import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toPageQuery } from './query.ts';

app.http('getSweeps', {
  route: 'sweeps',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => monitor().queries.sweeps(toPageQuery(request))),
});
