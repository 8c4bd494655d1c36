import type { MailSend, MailSendAddress, Personalization } from './mail-send.ts';

/** How deep SendGrid looks for keys within values. */
const NESTED = 4;

/** A file as it arrived. */
export interface SendGridFile {
  readonly filename: string;
  readonly mediaType: string;
  readonly disposition: 'attachment' | 'inline';
  readonly contentId?: string;
  readonly content: Uint8Array;
}

/** An email as one recipient gets it: substituted, when it is read, as SendGrid does. */
export class SendGridEmail {
  /** `X-Message-Id`: the same for everybody in the request. */
  readonly id: string;
  /** The address. */
  readonly to: string;
  /** What SendGrid gives back with every event. */
  readonly customArgs: Readonly<Record<string, string>>;
  readonly #request: MailSend;
  readonly #own: Personalization;

  /** @internal */
  constructor(id: string, request: MailSend, own: Personalization, { email }: MailSendAddress) {
    this.id = id;
    this.to = email;
    this.customArgs = { ...request.custom_args, ...own.custom_args };
    this.#request = request;
    this.#own = own;
  }

  /** The recipient's name, as a reader shows it. */
  get toName(): string | undefined {
    return shownName(this.#own.to.find(({ email }) => email === this.to));
  }

  get from(): MailSendAddress {
    return this.#request.from;
  }

  get replyTo(): MailSendAddress | undefined {
    return this.#request.reply_to;
  }

  get subject(): string {
    return this.#substituted(this.#own.subject ?? this.#request.subject ?? '');
  }

  /** The plain part; undefined where there is none. */
  get text(): string | undefined {
    return this.#part('text/plain');
  }

  get html(): string | undefined {
    return this.#part('text/html');
  }

  /** Lower-case names. */
  get headers(): ReadonlyMap<string, string> {
    const all = Object.entries({ ...this.#request.headers, ...this.#own.headers });
    return new Map(all.map(([name, value]) => [name.toLowerCase(), value]));
  }

  get attachments(): readonly SendGridFile[] {
    return (this.#request.attachments ?? []).map(({ content, type, filename, disposition, content_id }) => ({
      filename,
      mediaType: type ?? 'application/octet-stream',
      disposition: disposition === 'inline' ? 'inline' : 'attachment',
      content: Buffer.from(content, 'base64'),
      ...(content_id === undefined ? {} : { contentId: content_id }),
    }));
  }

  #part(type: string): string | undefined {
    const part = this.#request.content?.find((one) => one.type === type);
    return part === undefined ? undefined : this.#substituted(part.value);
  }

  #substituted(text: string): string {
    const pairs = Object.entries(this.#own.substitutions ?? {});
    let result = text;
    for (let depth = 0; depth <= NESTED; depth += 1) {
      const before = result;
      for (const [key, value] of pairs) result = result.replaceAll(key, () => value);
      if (result === before) break;
    }
    return result;
  }
}

/** A name stands in a header: quotes are not a part of it, and a comma without them ends it. */
function shownName(address: MailSendAddress | undefined): string | undefined {
  const name = address?.name;
  if (name === undefined) return undefined;
  if (/^".*"$/s.test(name)) return name.slice(1, -1).replace(/\\(.)/gs, '$1');
  return name.split(/[,;]/, 1)[0];
}
