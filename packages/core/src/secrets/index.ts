export { accountBinding } from './account-binding.ts';
export { type Keyring, openKeyring } from './keyring.ts';
export { type RotationResult, rotateSecrets } from './rotate-secrets.ts';
export type { SecretKeys } from './secret-keys.ts';
export { createVault, type Vault } from './vault.ts';
