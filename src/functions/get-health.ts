import { app } from '@azure/functions';
import type { Health } from '../app.ts';
import { answerJson } from './answer.ts';
import { monitor } from './monitor.ts';

app.http('getHealth', {
  route: 'health',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(
    () => monitor().health(),
    (health) => ((health as Health).status === 'ok' ? 200 : 503),
  ),
});
