/** Resource Manager refused, or could not be reached. */
export class ArmFailure extends Error {
  override readonly name = 'ArmFailure';
  readonly status: number | undefined;
  /** Codes of the error and its details. */
  readonly codes: readonly string[];

  constructor(
    message: string,
    { status, codes = [], cause }: { status?: number; codes?: readonly string[]; cause?: unknown } = {},
  ) {
    super(message, { cause });
    this.status = status;
    this.codes = codes;
  }

  /** Whether it does not exist, in a subscription that does. */
  get isGone(): boolean {
    return this.status === 404 && !this.isSubscriptionGone;
  }

  /** Whether the subscription does not exist, or is not seen. */
  get isSubscriptionGone(): boolean {
    return this.codes.includes('SubscriptionNotFound');
  }

  /** Whether nothing can be changed in the subscription, whoever asks. */
  get isReadOnly(): boolean {
    return this.codes.includes('ReadOnlyDisabledSubscription');
  }

  /** Whether it says that something made a moment ago is not known yet. */
  get isTooEarly(): boolean {
    return (
      this.codes.some((code) => ['PrincipalNotFound', 'RoleDefinitionDoesNotExist'].includes(code)) ||
      /should pre-exist|endpoint not found|does not have .*permission.* to .*(?:dead.?letter|storage)/i.test(
        this.message,
      )
    );
  }
}

/** Reads an error body of Resource Manager. */
export function toArmFailure(status: number, text: string | null | undefined): ArmFailure {
  const errors = toErrors(text);
  const codes = errors.map(({ code }) => code).filter((code) => code !== undefined);
  const said = errors.at(-1)?.message ?? `HTTP ${status}`;
  return new ArmFailure(codes.length > 0 ? `${codes.at(-1)}: ${said}` : said, { status, codes });
}

interface ErrorPart {
  code?: string;
  message?: string;
  details?: ErrorPart[];
}

/** The error and its details, outermost first: the innermost says why. */
function toErrors(text: string | null | undefined): ErrorPart[] {
  try {
    const { error } = JSON.parse(text ?? '') as { error?: ErrorPart };
    return error ? flatten(error) : [];
  } catch {
    return [];
  }
}

function flatten(part: ErrorPart): ErrorPart[] {
  return [part, ...(Array.isArray(part.details) ? part.details.flatMap(flatten) : [])];
}
