import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toCoverageQuery } from './query.ts';

app.http('getCoverage', {
  route: 'coverage',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => monitor().queries.coverage(...toCoverageQuery(request))),
});
