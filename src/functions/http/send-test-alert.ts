import { app } from '@azure/functions';
import { monitor } from '../monitor.ts';
import { answerJson, Problem } from './answer.ts';
import { refuseQuery } from './query.ts';

app.http('sendTestAlert', {
  route: 'alerts/test',
  methods: ['POST'],
  authLevel: 'function',
  handler: answerJson(async (request) => {
    refuseQuery(request);
    const delivery = await monitor().testAlert();
    if (!delivery) throw new Problem(409, 'Nowhere to send it', 'ALERT_WEBHOOK_URL is not set');
    if (delivery.state !== 'delivered')
      throw new Problem(502, 'Not delivered', `The webhook did not take it: ${delivery.error}`);
    return { state: delivery.state };
  }),
});
