/** The body of a POST to /v3/mail/send, as far as it has been checked. */
export interface MailSend {
  readonly personalizations: readonly Personalization[];
  readonly from: MailSendAddress;
  readonly reply_to?: MailSendAddress;
  readonly subject?: string;
  readonly content?: readonly { readonly type: string; readonly value: string }[];
  readonly attachments?: readonly MailSendFile[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly custom_args?: Readonly<Record<string, string>>;
  readonly mail_settings?: { readonly sandbox_mode?: { readonly enable?: boolean } };
}

export interface Personalization {
  readonly to: readonly MailSendAddress[];
  readonly subject?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly substitutions?: Readonly<Record<string, string>>;
  readonly custom_args?: Readonly<Record<string, string>>;
}

export interface MailSendAddress {
  readonly email: string;
  readonly name?: string;
}

export interface MailSendFile {
  readonly content: string;
  readonly type?: string;
  readonly filename: string;
  readonly disposition?: string;
  readonly content_id?: string;
}

/** One of the `errors` that SendGrid answers with. */
export interface SendGridError {
  readonly message: string;
  readonly field?: string | null;
}
