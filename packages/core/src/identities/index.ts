export { createIdentities } from './create-identities.ts';
export type { ContactAddress, Identities, Identity, IdentityInput } from './identity.ts';
export { resolveIdentity, type SendingIdentity } from './resolve-identity.ts';
