import { quoted } from '../did-you-mean.ts';
import { ConfigurationError } from '../errors.ts';

/**
 * The keys that seal what is secret at rest. New secrets are sealed with `current`; the others still open what they
 * sealed, until `rotateSecrets` has moved everything on and they can go. Each key is a random text of at least 32
 * characters, as `openssl rand -base64 32` prints it; its id is 1 to 32 letters, digits, `_` or `-`.
 */
export interface SecretKeys {
  readonly current: string;
  readonly keys: Readonly<Record<string, string | undefined>>;
}

const KEY_ID = /^[A-Za-z0-9_-]{1,32}$/;
const MIN_LENGTH = 32;
const MAKE_ONE =
  "Make one with `node -e \"console.log(require('node:crypto').randomBytes(32).toString('base64'))\"`.";

interface CheckedKeys {
  readonly current: string;
  readonly keys: ReadonlyMap<string, string>;
}

/** Reads the option `secrets`; own fields only, so a key may be called `constructor` and none comes from a prototype. */
export function checkSecretKeys(given: SecretKeys): CheckedKeys {
  const { current, keys: texts } = Object(given) as Partial<SecretKeys>;
  if (typeof texts !== 'object' || texts === null)
    throw missing('`secrets.keys` is missing.', 'secrets.keys');
  const keys = new Map<string, string>();
  for (const [id, text] of Object.entries(texts)) {
    // A key that is named but has no text (`process.env.OLD_KEY`) is as good as absent, unless it is the current one.
    if (text !== undefined || id === current) keys.set(id, checkKey(id, text));
  }
  if (typeof current !== 'string' || !keys.has(current)) {
    throw missing('`secrets.current` names none of `secrets.keys`.', 'secrets.current');
  }
  return { current, keys };
}

function checkKey(id: string, text: unknown): string {
  if (!KEY_ID.test(id)) {
    throw missing(`The key id ${quoted(id)} is not 1 to 32 letters, digits, "_" or "-".`, 'secrets.keys');
  }
  const path = `secrets.keys.${id}`;
  if (typeof text !== 'string' || text.trim() === '') throw missing(`The key "${id}" has no text.`, path);
  if (text.length < MIN_LENGTH) {
    throw missing(`The key "${id}" has fewer than ${MIN_LENGTH} characters.`, path);
  }
  return text;
}

function missing(problem: string, path: string): ConfigurationError {
  return new ConfigurationError('secrets_missing', problem, { path, advice: MAKE_ONE });
}
