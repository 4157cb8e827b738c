import { app } from '@azure/functions';
import { readConfig } from '../config.ts';
import './follow-up.ts';
import './get-blast-radius.ts';
import './get-coverage.ts';
import './get-custody.ts';
import './get-exceptions.ts';
import './get-findings.ts';
import './get-health.ts';
import './get-history.ts';
import './get-registries.ts';
import './get-registry.ts';
import './get-remedy.ts';
import './get-rules.ts';
import './get-sweeps.ts';
import './resource-changed.ts';
import './send-test-alert.ts';
import './sweep.ts';

// All faults of the settings at once, when the app starts rather than when a registry goes bad.
app.hook.appStart(() => {
  readConfig();
});
