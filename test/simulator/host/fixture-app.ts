import { app } from '@azure/functions';

app.get('hello', (request) => ({ body: `hello ${request.query.get('name')}` }));
