import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toRegistriesQuery } from './query.ts';

app.http('getRegistries', {
  route: 'registries',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => monitor().queries.registries(...toRegistriesQuery(request))),
});
