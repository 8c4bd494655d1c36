export { createIdentities } from './create-identities.ts';
export type { ContactAddress, Identities, Identity, IdentityInput } from './identity.ts';
export { resolveIdentity } from './resolve-identity.ts';
