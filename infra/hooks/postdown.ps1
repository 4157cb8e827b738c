# After all is removed: what is not.
$vault = if ($env:KEY_VAULT_NAME) { $env:KEY_VAULT_NAME } else { 'of this environment' }
Write-Host @"

Everything is removed but the vault ${vault}: it is purge-protected, so it stays deleted and recoverable for 90 days.
It costs nothing meanwhile. The next ``azd up`` of this environment brings it back.
"@
