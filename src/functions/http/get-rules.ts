import { app } from '@azure/functions';
import { catalog } from '../../rules/catalog.ts';
import { describeRule } from '../../rules/rule-description.ts';
import { answerJson } from './answer.ts';
import { refuseQuery } from './query.ts';

app.http('getRules', {
  route: 'rules',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson((request) => {
    refuseQuery(request);
    return { items: catalog.map(describeRule) };
  }),
});
