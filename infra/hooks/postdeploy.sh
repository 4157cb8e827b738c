#!/bin/sh
# After the code is there: Event Grid would not subscribe a function that does not exist yet.
set -eu
cd "$(dirname "$0")/../.."
# shellcheck source=infra/hooks/steps.sh
. infra/hooks/steps.sh

deploy_events() {
  az deployment sub create --subscription "$AZURE_SUBSCRIPTION_ID" --location "$AZURE_LOCATION" \
    --name "$AZURE_ENV_NAME-events" --template-file infra/azuredeploy-events.json \
    --parameters "@$work/topics.json" "environmentName=$AZURE_ENV_NAME" "location=$AZURE_LOCATION" \
    "subscriptionIds=$watched" --output none
}

deploy_group() {
  az deployment mg create \
    --management-group-id "$MANAGEMENT_GROUP_ID" --location "$AZURE_LOCATION" \
    --name "$AZURE_ENV_NAME" --template-file infra/azuredeploy-management-group.json \
    --parameters "environmentName=$AZURE_ENV_NAME" "location=$AZURE_LOCATION" \
    "monitorSubscriptionId=$AZURE_SUBSCRIPTION_ID" "subscriptionIdsWithTopic=$with_topic" \
    "guardrails=${GUARDRAILS:-Off}" "guardrailExemptions=${GUARDRAIL_EXEMPTIONS:-}" \
    "additionalReadActions=${ADDITIONAL_READ_ACTIONS:-}" --output none
}

# References to the vault are kept for a day, and those of a new app were asked for before its role was known everywhere.
refresh_secrets() {
  az rest --method post --output none \
    --url "$arm/subscriptions/$AZURE_SUBSCRIPTION_ID/resourceGroups/$AZURE_RESOURCE_GROUP/providers/Microsoft.Web/sites/$FUNCTION_APP_NAME/config/configreferences/appsettings/refresh?api-version=2022-03-01"
}

# A function, an identity or a role is known everywhere some minutes after it was made.
patiently() {
  for try in 1 2 3; do
    if "$@"; then return 0; fi
    if [ "$try" -lt 3 ]; then
      echo "  not yet; trying again in ${RETRY_SECONDS:-60} seconds" >&2
      sleep "${RETRY_SECONDS:-60}"
    fi
  done
  return 1
}

# As the template takes them.
write_topics() {
  list=$(awk -F '\t' '{
    if (NR > 1) printf ","
    printf "{\"subscriptionId\":\"%s\",\"resourceGroup\":\"%s\",\"name\":\"%s\",\"identity\":\"%s\"}", $1, $2, $3, $4
  }' "$work/topics.tsv") || return 1
  printf '{"existingSystemTopics":{"value":[%s]}}' "$list" >"$work/topics.json"
}

find_scope
if [ -n "${ALERT_WEBHOOK_URL:-}" ]; then
  step 'let the app read its secrets anew' patiently refresh_secrets
fi
step 'write down what is there for the template' write_topics
step 'subscribe to the events of all subscriptions' patiently deploy_events

if [ -n "${MANAGEMENT_GROUP_ID:-}" ]; then
  with_topic=$(cut -f 1 "$work/topics.tsv" | tr '\n' ',' | sed 's/,$//')
  step "deploy role and policies of $MANAGEMENT_GROUP_ID" patiently deploy_group
fi

app="--subscription $AZURE_SUBSCRIPTION_ID --resource-group $AZURE_RESOURCE_GROUP --name $FUNCTION_APP_NAME"
cat <<SCREEN

The monitor is deployed.

  API                $API_URI
  A key for it       KEY=\$(az functionapp keys list $app --query functionKeys.default --output tsv)
  Sweep now          curl -X POST ${API_URI%/api}/admin/functions/sweep -H 'content-type: application/json' -d '{}' \\
                       -H "x-functions-key: \$(az functionapp keys list $app --query masterKey --output tsv)"
  Watch the sweep    curl -H "x-functions-key: \$KEY" "$API_URI/sweeps?limit=1"
  What it found      curl -H "x-functions-key: \$KEY" "$API_URI/findings?status=open"
SCREEN
if [ -n "${ALERT_WEBHOOK_URL:-}" ]; then
  cat <<SCREEN
  Signing secret     az keyvault secret show --vault-name $KEY_VAULT_NAME --name alert-webhook-secret --query value --output tsv
  Send a test alert  curl -X POST -H "x-functions-key: \$KEY" "$API_URI/alerts/test"
SCREEN
else
  cat <<SCREEN
  Alerts             are off: azd env set ALERT_WEBHOOK_URL https://... && azd up
SCREEN
fi
