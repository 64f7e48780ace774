import { type Baresip, startBaresip } from './baresip.ts';
import { phoneIs } from './contacts.ts';
import type { Product } from './product.ts';

/** An operator at work with a real SIP phone (baresip) that has the credentials of /me/softphone and answers by itself. */
export async function sipOperator(
  product: Product,
  program: string,
  user: string,
  hz: number,
): Promise<Baresip> {
  const account = await product.api<{ username: string; password: string }>(
    user,
    'GET',
    '/api/v1/me/softphone',
  );
  const phone = await startBaresip(program, {
    ...{ server: `127.0.0.1:${product.sipPort}`, user: account.username, password: account.password },
    ...{ hz, answer: 'auto' },
  });
  await product.api(user, 'PUT', '/api/v1/me/presence', { state: 'available' });
  await phoneIs(product, user, true);
  return phone;
}
