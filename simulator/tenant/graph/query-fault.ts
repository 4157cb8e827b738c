/** What Resource Graph says about a fault, with the place in the query where there is one: line from 1, position from 0. */
export interface FaultDetail {
  code: string;
  message: string;
  line?: number;
  characterPositionInLine?: number;
  token?: string;
  expectedToken?: string;
}

/** Where something stands in a query: line from 1, column from 0. */
export interface QueryPlace {
  line: number;
  column: number;
}

/** A request that Resource Graph refuses with 400. */
export class QueryFault extends Error {
  readonly detail: FaultDetail;

  constructor(detail: FaultDetail) {
    super(detail.message);
    this.name = 'QueryFault';
    this.detail = detail;
  }
}

/** A fault at a place of the query. */
export function faultAt(place: QueryPlace, code: string, message: string): QueryFault {
  return new QueryFault({ code, message, line: place.line, characterPositionInLine: place.column });
}

/** What the real Resource Graph may well know, but the simulated one does not. */
export function notSupported(place: QueryPlace, what: string): QueryFault {
  return faultAt(place, 'NotSupported', `The simulated Resource Graph does not support ${what}.`);
}
