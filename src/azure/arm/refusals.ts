/** What an answer other than 200 says of what was asked for. */
type Meaning =
  /** We are not allowed to read it, now or later. */
  | 'forbidden'
  /** Its subscription can't hold any such thing: a list of it is empty. */
  | 'none';

interface Refusal {
  code: string;
  means: Meaning;
  /** Where this answer was seen, or is documented. */
  source: string;
}

const keyVaultErrors = 'https://learn.microsoft.com/azure/key-vault/general/common-error-codes';
const resourceManagerErrors =
  'https://learn.microsoft.com/azure/azure-resource-manager/troubleshooting/common-deployment-errors';

/** Codes that refuse a read for good, whatever status they come with: Azure answers them with 400, 401 and 409 as well as with 403. */
const refusals: readonly Refusal[] = [
  { code: 'AuthorizationFailed', means: 'forbidden', source: resourceManagerErrors },
  { code: 'LinkedAuthorizationFailed', means: 'forbidden', source: resourceManagerErrors },
  {
    code: 'DenyAssignmentAuthorizationFailed',
    means: 'forbidden',
    source: 'https://github.com/Azure/migAz/issues/266',
  },
  { code: 'RBACAccessDenied', means: 'forbidden', source: 'https://github.com/Azure/azqr/issues/68' },
  { code: 'Forbidden', means: 'forbidden', source: keyVaultErrors },
  { code: 'AccessDenied', means: 'forbidden', source: keyVaultErrors },
  {
    code: 'ForbiddenByRbac',
    means: 'forbidden',
    source: 'https://github.com/pulumi/pulumi-azure-native/issues/890',
  },
  { code: 'ForbiddenByPolicy', means: 'forbidden', source: keyVaultErrors },
  { code: 'ForbiddenByFirewall', means: 'forbidden', source: keyVaultErrors },
  { code: 'ForbiddenByConnection', means: 'forbidden', source: keyVaultErrors },
  {
    code: 'InvalidAuthenticationTokenTenant',
    means: 'forbidden',
    source: 'https://learn.microsoft.com/troubleshoot/azure/entra/entra-id/app-integration/wrong-issuer',
  },
  {
    code: 'ReadOnlyDisabledSubscription',
    means: 'forbidden',
    source: 'https://learn.microsoft.com/azure/cost-management-billing/manage/subscription-states',
  },
  {
    code: 'DisallowedOperation',
    means: 'none',
    source: 'https://github.com/SpecterOps/AzureHound/issues/65',
  },
  {
    code: 'DisallowedProvider',
    means: 'none',
    source: 'https://github.com/JulianHayward/Azure-MG-Sub-Governance-Reporting/issues/110',
  },
  { code: 'MissingSubscriptionRegistration', means: 'none', source: resourceManagerErrors },
];

const byCode = new Map(refusals.map(({ code, means }) => [code.toLowerCase(), means]));

/** Statuses that pass, or that say something else than who may read. */
const passing = new Set([404, 408, 429]);

/** What a refusal means, by its status and its codes; undefined for an answer that is no refusal. */
export function toRefusal(status: number, codes: readonly string[]): Meaning | undefined {
  if (status < 400 || status >= 500 || passing.has(status)) return undefined;
  const known = codes.flatMap((code) => byCode.get(code.toLowerCase()) ?? []);
  return known[0] ?? (status === 403 ? 'forbidden' : undefined);
}
