# shellcheck shell=sh disable=SC2016,SC2034
# What all hooks share: a step that fails ends the hook and says its name.

# Runs a command under a name.
step() {
  step_name=$1
  shift
  echo "- $step_name"
  "$@" || stop "$step_name"
}

# Runs a command under a name and keeps what it prints in $answer.
ask() {
  step_name=$1
  shift
  echo "- $step_name"
  answer=$("$@") || stop "$step_name"
}

stop() {
  echo "Step failed: $1" >&2
  exit 1
}

# A list written with commas, as JSON: a,b becomes "a","b".
to_json_list() {
  printf '%s' "$1" | tr -d ' ' | sed 's/,,*/,/g; s/^,//; s/,$//; s/[^,][^,]*/"&"/g'
}

# Asks Resource Graph about all subscriptions in scope; prints what the JMESPath picks, separated by tabs.
query_graph() {
  if [ -n "${MANAGEMENT_GROUP_ID:-}" ]; then
    graph_scope="\"managementGroups\":[\"$MANAGEMENT_GROUP_ID\"]"
  else
    graph_scope="\"subscriptions\":[$(to_json_list "$watched")]"
  fi
  printf '{%s,"query":"%s","options":{"resultFormat":"objectArray"}}' "$graph_scope" "$1" >"$work/query.json"
  az rest --method post --url "$arm/providers/Microsoft.ResourceGraph/resources?api-version=2024-04-01" \
    --body "@$work/query.json" --query "$2" --output tsv
}

# Finds the subscriptions in scope ($watched, with commas), and the system topics that others made for them: $work/topics.tsv
# has subscription, resource group, name and kind of identity of each.
find_scope() {
  EVENTS_RESOURCE_GROUP=${EVENTS_RESOURCE_GROUP:-rg-$AZURE_ENV_NAME-events}
  work=$(mktemp -d) || stop 'make a folder for temporary files'
  trap 'rm -rf "$work"' EXIT
  ask 'find Resource Manager' az cloud show --query endpoints.resourceManager --output tsv
  arm=${answer%/}
  watched=$(printf "%s" "${SUBSCRIPTION_IDS:-$AZURE_SUBSCRIPTION_ID}" | tr -d " ")
  if [ -n "${MANAGEMENT_GROUP_ID:-}" ]; then
    ask "find the subscriptions below $MANAGEMENT_GROUP_ID" query_graph \
      "resourcecontainers | where type =~ 'microsoft.resources/subscriptions' and properties.state =~ 'Enabled' | summarize ids = make_list(subscriptionId) | project ids = strcat_array(ids, ',')" \
      'data[0].ids'
    watched=$answer
  fi
  ask 'find the system topics that are there already' query_graph \
    "resources | where type =~ 'microsoft.eventgrid/systemtopics' and tostring(properties.topicType) =~ 'Microsoft.Resources.Subscriptions' and resourceGroup !~ '$EVENTS_RESOURCE_GROUP' | project subscriptionId, resourceGroup, name, identity = iff(tostring(identity.type) contains 'SystemAssigned', 'SystemAssigned', '')" \
    'data[].[subscriptionId, resourceGroup, name, identity]'
  printf '%s\n' "$answer" | tr -d '\r' | sed '/^$/d' >"$work/topics.tsv"
}
