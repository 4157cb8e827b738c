import { acrCmk } from './acr-cmk.js';

acrCmk('prepare', '--provisioned');
