import { type ArmBody, deletedTypes, type HolderType } from './tenant-contents.ts';

const day = 24 * 60 * 60 * 1000;

/** What stays behind of a deleted vault or Managed HSM; undefined where soft delete is off. */
export function toDeletedHolder(
  body: ArmBody,
  type: HolderType,
  deletedAt: Date = new Date(),
): ArmBody | undefined {
  const { id, location = '', tags = {}, properties = {} } = body;
  if (type === 'vaults' && properties.enableSoftDelete === false) return undefined;
  const name = id.slice(id.lastIndexOf('/') + 1);
  const [subscription] = /^\/subscriptions\/[^/]+/i.exec(id) ?? [''];
  const region = location.toLowerCase().replaceAll(' ', '');
  const retention =
    typeof properties.softDeleteRetentionInDays === 'number' ? properties.softDeleteRetentionInDays : 90;
  const isProtected = properties.enablePurgeProtection === true;
  return {
    id: `${subscription}/providers/Microsoft.KeyVault/locations/${region}/${deletedTypes[type]}/${name}`,
    name,
    type: `Microsoft.KeyVault/${deletedTypes[type]}`,
    properties: {
      [type === 'vaults' ? 'vaultId' : 'mhsmId']: id,
      location: region,
      tags,
      deletionDate: toSeconds(deletedAt),
      scheduledPurgeDate: toSeconds(new Date(deletedAt.getTime() + retention * day)),
      // A vault's record leaves it out unless it is true, a Managed HSM's always has it.
      ...(isProtected || type === 'managedHSMs' ? { purgeProtectionEnabled: isProtected } : {}),
    },
  };
}

function toSeconds(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
