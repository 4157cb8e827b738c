import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toFindingsQuery } from './query.ts';

app.http('getFindings', {
  route: 'findings',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => monitor().queries.findings(...toFindingsQuery(request))),
});
