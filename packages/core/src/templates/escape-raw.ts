import { isTitle } from './escape-mode.ts';
import { Unsafe } from './escape-place.ts';

/**
 * Follows the text of an element that only its own end tag ends. `tail` is as much of that as was read; nothing is answered
 * behind its name.
 */
export function readRaw(element: string, tail: string, character: string): string | undefined {
  const end = `</${element}`;
  if (tail === end && /[\t\n\f\r />]/.test(character) && element !== 'plaintext') return undefined;
  if (element === 'script' && tail === '<' && character === '!') {
    // Behind `<!--` a script may hold its own end tag.
    throw new Unsafe('A comment stands in <script>.', 'Leave out scripts: no mail program runs them.');
  }
  if (isTitle(element) && tail === '<' && /[a-z]/i.test(character)) {
    // In <svg> it would be one.
    throw new Unsafe(`An HTML tag stands in <${element}>.`, 'Nothing but text can stand there.');
  }
  let read = tail + character.toLowerCase();
  while (!end.startsWith(read)) read = read.slice(1);
  return read;
}
