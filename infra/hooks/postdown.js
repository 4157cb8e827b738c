import { acrCmk } from './acr-cmk.js';

acrCmk('disconnect', '--yes', '--if-gone');
