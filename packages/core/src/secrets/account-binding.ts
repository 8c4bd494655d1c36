/** Where an account's secrets are sealed for. */
export function accountBinding(tenant: string, key: string): string {
  return `account:${tenant}/${key}`;
}
