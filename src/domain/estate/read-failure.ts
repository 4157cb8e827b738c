/** A call that gave no answer to rely on: throttled, failed, timed out, or a body that can't be one. */
export class ReadFailure extends Error {
  override readonly name = 'ReadFailure';
  /** How long Azure asks to wait, in milliseconds. */
  readonly retryAfter: number | undefined;
  /** There is no token: nobody is signed in, or the identity can't be used. */
  readonly isSignIn: boolean;
  /** HTTP status of the answer, where there was one. */
  readonly status: number | undefined;
  /** Azure's error code and those of its details, where the answer had some. */
  readonly codes: readonly string[];

  constructor(
    message: string,
    options: {
      cause?: unknown;
      retryAfter?: number | undefined;
      isSignIn?: boolean;
      status?: number;
      codes?: readonly string[];
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfter = options.retryAfter;
    this.isSignIn = options.isSignIn ?? false;
    this.status = options.status;
    this.codes = options.codes ?? [];
  }
}
