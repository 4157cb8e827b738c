import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { parseRegistryId, type ResourceId } from '../../domain/estate/resource-id.ts';
import { monitor, toStart } from '../monitor.ts';
import type { Endpoint } from './endpoint.ts';
import { endpoints } from './endpoints.ts';
import { toJsonAnswer } from './json-answer.ts';
import { Problem, toProblemResponse } from './problem.ts';
import { readQuery } from './query.ts';

const byName = new Map(endpoints.map((one) => [one.name, one]));

/** Answers a request to an endpoint; what it throws becomes problem details. */
export async function serve(
  name: string,
  request: HttpRequest,
  context: InvocationContext,
): Promise<HttpResponseInit> {
  try {
    const { query, answer, status } = byName.get(name) as Endpoint;
    const asked = {
      query: readQuery(query, request) as never,
      registry: () => toRegistry(request),
      monitor,
      get start() {
        return toStart(context);
      },
    };
    const body = await answer(asked);
    return await toJsonAnswer(status ? status(body as never) : 200, body, request);
  } catch (error) {
    return toProblemResponse(error, context);
  }
}

function toRegistry({ params }: HttpRequest): ResourceId {
  const { subscription, resourceGroup, name } = params;
  const id = parseRegistryId(
    `/subscriptions/${subscription}/resourceGroups/${resourceGroup}/providers/Microsoft.ContainerRegistry/registries/${name}`,
  );
  if (id) return id;
  throw new Problem(400, 'Bad request', 'The path names no registry: subscription id, resource group, name');
}
