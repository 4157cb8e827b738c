import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toPageQuery } from './query.ts';

app.http('getExceptions', {
  route: 'coverage/exceptions',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => monitor().queries.exceptions(toPageQuery(request))),
});
