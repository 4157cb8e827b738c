import type { SimulatedTenant } from '../../../simulator/tenant/simulated-tenant.ts';
import type { ArmBody } from '../../../simulator/tenant/tenant-contents.ts';

interface Answer {
  status: number;
  body: ArmBody & { value: ArmBody[]; nextLink?: string; error?: { code: string; message: string } };
}

/** Reads from a tenant's Resource Manager as any HTTP client would. */
export function createArmClient({ armEndpoint }: SimulatedTenant) {
  async function get(pathOrUrl: string, query: Record<string, string> = {}): Promise<Answer> {
    const url = new URL(pathOrUrl, armEndpoint);
    for (const [name, value] of Object.entries({ 'api-version': '2022-04-01', ...query })) {
      if (!url.searchParams.has(name)) url.searchParams.set(name, value);
    }
    const response = await fetch(url, { headers: { authorization: 'Bearer any' } });
    return { status: response.status, body: (await response.json()) as Answer['body'] };
  }

  /** The pages of a list, followed to the end. */
  async function pages(path: string, filter?: string): Promise<ArmBody[][]> {
    const found: ArmBody[][] = [];
    let next: string | undefined = path;
    while (next) {
      const { status, body }: Answer = await get(next, filter ? { $filter: filter } : {});
      if (status !== 200) throw new Error(`${status} ${body.error?.code}`);
      found.push(body.value);
      next = body.nextLink;
    }
    return found;
  }

  /** What came of a read that is refused: its status and code. */
  async function refusal(path: string, query?: Record<string, string>): Promise<string> {
    const { status, body } = await get(path, query);
    return `${status} ${body.error?.code ?? ''}`.trim();
  }

  return { get, pages, refusal };
}

/** The names of what is on some pages. */
export function toNames(pages: ArmBody[][]): (string | undefined)[] {
  return pages.flat().map(({ name }) => name);
}
