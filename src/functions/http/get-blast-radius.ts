import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson } from './answer.ts';
import { toBlastRadiusQuery } from './query.ts';

app.http('getBlastRadius', {
  route: 'blast-radius',
  methods: ['GET'],
  authLevel: 'function',
  handler: answerJson(async (request, start) => ({
    items: await monitor().blastRadius(toBlastRadiusQuery(request), start),
  })),
});
