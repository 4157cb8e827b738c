import { app } from '@azure/functions';
import type { Health } from '../../monitor/answers/health.ts';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { refuseQuery } from './query.ts';

app.http('getHealth', {
  route: 'health',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(
    (request) => {
      refuseQuery(request);
      return monitor().health();
    },
    (health) => ((health as Health).status === 'ok' ? 200 : 503),
  ),
});
