// The Microsoft clouds: where Graph answers, who signs in, and where the hardware token API exists.

/** graph-api.md, section 9; https://learn.microsoft.com/graph/deployments */
export interface Cloud {
  readonly name: string;
  /** Root of Microsoft Graph, without version. The token scope is this followed by `/.default`. */
  readonly graphRoot: string;
  /** Host that issues tokens. */
  readonly authority: string;
  /** Whether the hardware OATH inventory and method operations are published there. */
  readonly offersHardwareOath: boolean;
}

export const CLOUDS = {
  global: {
    name: 'Microsoft global',
    graphRoot: 'https://graph.microsoft.com',
    authority: 'https://login.microsoftonline.com',
    offersHardwareOath: true,
  },
  'usgov-l4': {
    name: 'Microsoft US Government L4 (GCC High)',
    graphRoot: 'https://graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
    offersHardwareOath: false,
  },
  'usgov-l5': {
    name: 'Microsoft US Government L5 (DoD)',
    graphRoot: 'https://dod-graph.microsoft.us',
    authority: 'https://login.microsoftonline.us',
    offersHardwareOath: false,
  },
  china: {
    name: 'Microsoft China (21Vianet)',
    graphRoot: 'https://microsoftgraph.chinacloudapi.cn',
    authority: 'https://login.chinacloudapi.cn',
    offersHardwareOath: false,
  },
} as const satisfies Record<string, Cloud>;

export type CloudName = keyof typeof CLOUDS;

/** The API is beta only (graph-api.md, section 1). */
export const GRAPH_VERSION = 'beta';

export function isCloudName(name: string): name is CloudName {
  return Object.hasOwn(CLOUDS, name);
}
