#!/bin/sh
# After all is removed: what is not.
set -eu

cat <<SCREEN

Everything is removed but the vault ${KEY_VAULT_NAME:-of this environment}: it is purge-protected, so it stays deleted and recoverable for 90 days.
It costs nothing meanwhile. The next \`azd up\` of this environment brings it back.
SCREEN
