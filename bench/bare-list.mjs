// The peer of verifying: a bare loop that fetches and parses the pages of the same two lists, one behind the other.
//
//   node bench/bare-list.mjs URL

import { Agent, request } from 'undici';

const [root] = process.argv.slice(2);
const dispatcher = new Agent();
const LISTS = [
  '/directory/authenticationMethodDevices/hardwareOathDevices?$top=999',
  '/users?$select=id,userPrincipalName,accountEnabled,userType&$top=999',
];
let items = 0;
let pages = 0;
for (const path of LISTS) {
  for (let url = `${root}${path}`; url !== undefined; pages += 1) {
    const { body } = await request(url, { dispatcher, headers: { authorization: 'Bearer bench' } });
    const page = JSON.parse(await body.text());
    items += page.value.length;
    url = page['@odata.nextLink'];
  }
}
await dispatcher.close();
console.log(JSON.stringify({ items, pages }));
