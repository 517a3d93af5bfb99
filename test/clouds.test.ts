// Each Microsoft cloud, against the page that lists them: where Graph answers, who signs in, and where the tokens are.

import { expect, it } from 'vitest';
import { CLOUDS, type CloudName } from '../src/clouds.js';

/** https://learn.microsoft.com/graph/deployments */
it.each<readonly [CloudName, string, string, boolean]>([
  ['global', 'https://graph.microsoft.com', 'https://login.microsoftonline.com', true],
  ['usgov-l4', 'https://graph.microsoft.us', 'https://login.microsoftonline.us', false],
  ['usgov-l5', 'https://dod-graph.microsoft.us', 'https://login.microsoftonline.us', false],
  ['china', 'https://microsoftgraph.chinacloudapi.cn', 'https://login.chinacloudapi.cn', false],
])('%s is where the documents say', (name, graphRoot, authority, offersHardwareOath) => {
  expect(CLOUDS[name]).toMatchObject({ graphRoot, authority, offersHardwareOath });
});
