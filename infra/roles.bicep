metadata description = 'What the custom roles allow: read-actions.json, less what Azure does not know by that name.'

var listed = loadJsonContent('read-actions.json')

// Azure refuses a role that names an action its provider does not publish.
var unlisted = loadJsonContent('unlisted-actions.json')

@export()
@description('Read actions of the monitor: on a subscription, and on a management group.')
var readActions = {
  subscription: filter(union(listed.sweep, listed.doctor), action => !contains(unlisted, action))
  managementGroup: filter(
    union(listed.sweep, listed.doctor, listed.managementGroup),
    action => !contains(unlisted, action)
  )
}

@export()
@description('What the policy for new subscriptions may do: in each of them, and on what its event subscriptions point to.')
var eventWriterActions = loadJsonContent('event-writer-actions.json')
