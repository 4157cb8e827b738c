import { endpoints } from './endpoints.ts';

/** What the host needs to know of each endpoint; the bundle holds this list as it is, without what it is made from. */
export const registrations = endpoints.map(({ name, route, method }) => ({ name, route, method }));
