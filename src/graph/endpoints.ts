// The operations that the pipeline uses: where each is, and what its body looks like. Nothing is sent here.
// Facts: graph-api.md, section 3.

/** The tenant's inventory of tokens. https://learn.microsoft.com/graph/api/authenticationmethoddevice-list-hardwareoathdevices?view=graph-rest-beta */

export const INVENTORY_PATH = '/directory/authenticationMethodDevices/hardwareOathDevices';

/**
 * As many items to a page as Graph gives of any list. `$top` is documented for this one, a maximum is not, and a
 * service may refuse it (graph-api.md, section 7): then the list is asked for without.
 */
const PAGE_MAX = 999;

/** The inventory in as few pages as the service gives it. */
export function inventoryListPath(): string {
  return `${INVENTORY_PATH}?$top=${PAGE_MAX}`;
}

export function devicePath(deviceId: string): string {
  return `${INVENTORY_PATH}/${encodeURIComponent(deviceId)}`;
}

/** `$filter` takes `eq` only; a quote inside is doubled (OData 4.01, URL conventions, section 5.1.1.6.1). */
export function devicesBySerialPath(serialNumber: string): string {
  const filter = `serialNumber eq '${serialNumber.replaceAll("'", "''")}'`;
  return `${INVENTORY_PATH}?$filter=${encodeURIComponent(filter)}`;
}

const USER_SELECT = 'id,userPrincipalName,displayName,accountEnabled,userType';

/** https://learn.microsoft.com/graph/api/user-list: pages of up to 999. */
export function userListPath(): string {
  return `/users?$select=${USER_SELECT}&$top=${PAGE_MAX}`;
}

/** https://learn.microsoft.com/graph/api/user-get: a user by principal name or object id. */
export function userPath(user: string): string {
  // A name that begins with $ would be read as an option; the documents ask for this form then.
  const segment = user.startsWith('$') ? `('${encodeURIComponent(user)}')` : `/${encodeURIComponent(user)}`;
  return `/users${segment}?$select=${USER_SELECT}`;
}

/** https://learn.microsoft.com/graph/api/authentication-post-hardwareoathmethods?view=graph-rest-beta */
export function userMethodsPath(userId: string): string {
  return `/users/${encodeURIComponent(userId)}/authentication/hardwareOathMethods`;
}

/** One token among a user's methods: its id is that of the device (graph-api.md, section 2.2). */
export function userMethodPath(userId: string, deviceId: string): string {
  return `${userMethodsPath(userId)}/${encodeURIComponent(deviceId)}`;
}

/** https://learn.microsoft.com/graph/api/hardwareoathauthenticationmethod-activate?view=graph-rest-beta */
export function activatePath(userId: string, deviceId: string): string {
  return `${userMethodPath(userId, deviceId)}/activate`;
}

/** Assigns a token without activating it. */
export function assignBody(deviceId: string): unknown {
  return { device: { id: deviceId } };
}

/** https://learn.microsoft.com/graph/api/authenticationmethoddevice-post-hardwareoathdevices?view=graph-rest-beta */
export interface CreateDevice {
  readonly serialNumber: string;
  readonly manufacturer: string;
  readonly model: string;
  /** In the clear: this is the one place that a secret goes to. */
  readonly secretKey: string;
  readonly timeIntervalInSeconds: number;
  readonly hashFunction: string;
}
