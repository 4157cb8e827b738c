import { app } from '@azure/functions';
import { readConfig } from '../settings/config.ts';
import './timers/follow-up.ts';
import './http/get-blast-radius.ts';
import './http/get-coverage.ts';
import './http/get-custody.ts';
import './http/get-exceptions.ts';
import './http/get-findings.ts';
import './http/get-health.ts';
import './http/get-history.ts';
import './http/get-registries.ts';
import './http/get-registry.ts';
import './http/get-remedy.ts';
import './http/get-rules.ts';
import './http/get-sweeps.ts';
import './events/resource-changed.ts';
import './http/send-test-alert.ts';
import './timers/sweep.ts';

// All faults of the settings at once, when the app starts rather than when a registry goes bad.
app.hook.appStart(() => {
  readConfig();
});
