import { acrCmk } from './acr-cmk.js';

acrCmk('connect');
