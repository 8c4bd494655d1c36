/** nodemailer's MIME half: the reference for everything that is written into a message. */
export type MimeLibrary = Awaited<ReturnType<typeof load>>;

let library: MimeLibrary | undefined;

/** Loads it when the first message is composed. */
export async function mimeLibrary(): Promise<MimeLibrary> {
  library ??= await load();
  return library;
}

async function load() {
  const [{ default: MailComposer }, { default: MimeNode }, { encodeWord, foldLines }, base64] =
    await Promise.all([
      import('nodemailer/lib/mail-composer'),
      import('nodemailer/lib/mime-node'),
      import('nodemailer/lib/mime-funcs'),
      import('nodemailer/lib/base64'),
    ]);
  /** Encodes fields for messages, and stands in none. */
  const node = new MimeNode(false, { baseBoundary: 'none' });
  /** A header field's name as nodemailer spells it. */
  const spellingOf = (name: string) => {
    const child = new MimeNode(false, { rootNode: node, parentNode: node, baseBoundary: 'none' });
    return child.addHeader(name, 'x').buildHeaders().replace(/:.*/, '');
  };
  return { MailComposer, node, spellingOf, encodeWord, foldLines, base64 };
}
