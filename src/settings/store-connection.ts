import { type CloudName, clouds } from '../domain/estate/cloud.ts';
import { isSafeTarget } from './setting-fields.ts';

/** Where findings are kept. */
export type StoreConnection = { connectionString: string } | { tableServiceUri: string; clientId?: string };

/** Whether any setting says where findings are kept. */
export function hasStore(env: NodeJS.ProcessEnv): boolean {
  return storeSettings.some((name) => env[name]?.trim());
}

const storeSettings = [
  'FindingsStorage',
  'FindingsStorage__tableServiceUri',
  'AzureWebJobsStorage',
  'AzureWebJobsStorage__tableServiceUri',
  'AzureWebJobsStorage__accountName',
];

/** Reads where findings are kept; adds what is wrong to the faults. */
export function readStore(
  env: NodeJS.ProcessEnv,
  cloud: CloudName,
  faults: string[],
): StoreConnection | undefined {
  for (const name of ['FindingsStorage', 'AzureWebJobsStorage']) {
    const connectionString = env[name]?.trim();
    if (connectionString && isTableConnection(connectionString)) return { connectionString };
    if (connectionString) {
      faults.push(
        `${name} must be a connection string for Table Storage by https (http only on loopback); its value is not shown, it is a secret`,
      );
      return undefined;
    }
    const account = name === 'AzureWebJobsStorage' ? env[`${name}__accountName`]?.trim() : undefined;
    const uri =
      env[`${name}__tableServiceUri`]?.trim() ||
      (account && `https://${account}.table.${clouds[cloud].storage}`);
    if (!uri) continue;
    if (!URL.canParse(uri) || !isSafeTarget(uri)) {
      faults.push(`${name}__tableServiceUri must be an https address`);
      return undefined;
    }
    const clientId = env[`${name}__clientId`]?.trim();
    return { tableServiceUri: uri, ...(clientId ? { clientId } : {}) };
  }
  faults.push(
    'FindingsStorage is missing: a connection string, or FindingsStorage__tableServiceUri with a managed identity (AzureWebJobsStorage is used in its place)',
  );
  return undefined;
}

/** Whether the storage SDK can open a connection string: one for development, with a key, or with a shared access signature. */
function isTableConnection(connectionString: string): boolean {
  const pairs = connectionString.split(';').map((part) => {
    const [name = '', ...value] = part.split('=');
    return [name.trim().toLowerCase(), value.join('=').trim()] as const;
  });
  const parts = new Map(pairs);
  if (parts.get('usedevelopmentstorage')?.toLowerCase() === 'true') return true;
  const protocol = parts.get('defaultendpointsprotocol');
  const isByKey = protocol && parts.get('accountname') && parts.get('accountkey');
  const isBySignature = parts.get('tableendpoint') && parts.get('sharedaccesssignature');
  const endpoint = parts.get('tableendpoint') || `${protocol}://${parts.get('accountname')}`;
  return Boolean(isByKey || isBySignature) && isSafeTarget(endpoint);
}
