// The operations that the pipeline uses: where each is, and what its body looks like. Nothing is sent here.
// Facts: graph-api.md, section 3.

/** The tenant's inventory of tokens. https://learn.microsoft.com/graph/api/authenticationmethoddevice-list-hardwareoathdevices?view=graph-rest-beta */

export const INVENTORY_PATH = '/directory/authenticationMethodDevices/hardwareOathDevices';

export function devicePath(deviceId: string): string {
  return `${INVENTORY_PATH}/${encodeURIComponent(deviceId)}`;
}

/** `$filter` takes `eq` only; a quote inside is doubled (OData 4.01, URL conventions, section 5.1.1.6.1). */
export function devicesBySerialPath(serialNumber: string): string {
  const filter = `serialNumber eq '${serialNumber.replaceAll("'", "''")}'`;
  return `${INVENTORY_PATH}?$filter=${encodeURIComponent(filter)}`;
}

/** https://learn.microsoft.com/graph/api/user-get: a user by principal name or object id. */
export function userPath(user: string): string {
  const select = 'id,userPrincipalName,displayName,accountEnabled,userType';
  // A name that begins with $ would be read as an option; the documents ask for this form then.
  const segment = user.startsWith('$') ? `('${encodeURIComponent(user)}')` : `/${encodeURIComponent(user)}`;
  return `/users${segment}?$select=${select}`;
}

/** https://learn.microsoft.com/graph/api/authentication-post-hardwareoathmethods?view=graph-rest-beta */
export function userMethodsPath(userId: string): string {
  return `/users/${encodeURIComponent(userId)}/authentication/hardwareOathMethods`;
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
