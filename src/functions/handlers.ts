export { handleEvents } from './events/resource-changed.ts';
export { serve } from './http/serve.ts';
export { endMonitor, reportSettings } from './monitor.ts';
export { runFollowUp } from './timers/follow-up.ts';
export { runSweep } from './timers/sweep.ts';
