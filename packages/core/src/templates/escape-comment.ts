/** The modes of `<!…>`: `declaration` right behind `<!`, `bogus` for everything that ends at the next `>`. */
export type CommentMode = 'declaration' | 'commentHead' | 'comment' | 'bogus';

/** Where in `<!…>` the compiler stands; `tail` is as much of its beginning or end as was read. */
interface CommentPlace {
  readonly mode: CommentMode;
  readonly tail: string;
}

/**
 * Follows a declaration or a comment; answers nothing where it ends. Outlook's conditional comments end right behind their
 * condition: what follows is HTML to Outlook, and a comment to others that no escaped value can end.
 */
export function readComment({ mode, tail }: CommentPlace, character: string): CommentPlace | undefined {
  const read = tail + character;
  switch (mode) {
    case 'bogus':
      return character === '>' ? undefined : { mode, tail: '' };
    case 'declaration':
      if (read === '-') return { mode, tail: read };
      if (read === '--') return { mode: 'commentHead', tail: '' };
      return character === '>' ? undefined : { mode: 'bogus', tail: '' };
    case 'commentHead':
      // `<!-->` and `<!--->` are whole comments.
      if (/^-?>$|^\[if[^\]]{0,200}\]>$/i.test(read)) return undefined;
      if (/^(?:-|\[|\[i|\[if[^\]]{0,200}\]?)$/i.test(read)) return { mode, tail: read };
      return inComment(read);
    case 'comment':
      return inComment(read);
  }
}

function inComment(read: string): CommentPlace | undefined {
  if (/--!?>$/.test(read)) return undefined;
  return { mode: 'comment', tail: /(?:--!|--|-)$/.exec(read)?.[0] ?? '' };
}
