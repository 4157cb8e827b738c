/** What is posted to a receiver for a message: all that a format decides. */
export interface Outgoing {
  headers: Record<string, string>;
  body: string;
}
