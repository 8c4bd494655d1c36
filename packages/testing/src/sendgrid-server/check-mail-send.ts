import type { SendGridError } from './mail-send.ts';

const MAX_PERSONALIZATIONS = 1000;
const MAX_ARGUMENT_BYTES = 10_000;
const RESERVED = new Set(
  'x-sg-id,x-sg-eid,received,dkim-signature,content-type,content-transfer-encoding,to,from,subject,reply-to,cc,bcc'.split(
    ',',
  ),
);
const ADDRESS = /^[\x21-\x3f\x41-\x7e]+@[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/i;
const BASE64 = /^[A-Za-z0-9+/\r\n]+={0,2}[\r\n]*$/;

type Fields = Readonly<Record<string, unknown>>;

/** What SendGrid's documentation says it refuses with 400, as its answer names it; nothing where the request is right. */
export function checkMailSend(body: unknown): readonly SendGridError[] {
  if (!isObject(body)) return [{ message: 'Bad Request', field: null }];
  const errors: SendGridError[] = [];
  const report = (field: string, message: string) => errors.push({ message, field });
  checkPersonalizations(body, report);
  checkAddress(body.from, 'from', report);
  if (body.reply_to !== undefined) checkAddress(body.reply_to, 'reply_to', report);
  checkSubject(body, report);
  checkContent(body.content, report);
  checkFiles(body.attachments, report);
  return errors;
}

type ReportError = (field: string, message: string) => void;

function checkPersonalizations({ personalizations, custom_args: shared }: Fields, report: ReportError): void {
  if (!Array.isArray(personalizations) || personalizations.length === 0) {
    report(
      'personalizations',
      'The personalizations field is required and must have at least one personalization.',
    );
    return;
  }
  if (personalizations.length > MAX_PERSONALIZATIONS) {
    report(
      'personalizations',
      `The personalization block is limited to 1000 personalizations per API request. You have provided ${personalizations.length} personalizations.`,
    );
    return;
  }
  const seen = new Set<string>();
  for (const [index, one] of personalizations.entries()) {
    const field = `personalizations.${index}`;
    if (!isObject(one)) {
      report(field, 'Invalid type. Expected: object.');
      continue;
    }
    checkRecipients(one.to, `${field}.to`, seen, report);
    checkStrings(one.substitutions, `${field}.substitutions`, MAX_ARGUMENT_BYTES, report);
    const args =
      shared === undefined ? one.custom_args : { ...(shared as Fields), ...(one.custom_args as Fields) };
    checkStrings(args, `${field}.custom_args`, MAX_ARGUMENT_BYTES, report);
    checkStrings(one.headers, `${field}.headers`, Number.POSITIVE_INFINITY, report);
    for (const name in isObject(one.headers) ? one.headers : {}) {
      if (RESERVED.has(name.toLowerCase()))
        report(`${field}.headers`, `You can not use the reserved header ${name}.`);
    }
  }
}

function checkRecipients(to: unknown, field: string, seen: Set<string>, report: ReportError): void {
  if (!Array.isArray(to) || to.length === 0) {
    report(
      field,
      'The to array is required for all personalization objects, and must have at least one email object with a valid email address.',
    );
    return;
  }
  for (const [index, one] of to.entries()) {
    checkAddress(one, `${field}.${index}`, report);
    const address = isObject(one) && typeof one.email === 'string' ? one.email.toLowerCase() : undefined;
    if (address === undefined) continue;
    if (seen.has(address))
      report(
        'personalizations',
        `Each unique email address in the personalizations array should only be included once. You have included [${address}] more than once.`,
      );
    seen.add(address);
  }
}

function checkAddress(value: unknown, field: string, report: ReportError): void {
  if (!isObject(value)) {
    report(field, 'Invalid type. Expected: object.');
    return;
  }
  const { email, name } = value;
  if (typeof email !== 'string' || email === '') {
    report(`${field}.email`, 'The email parameter is required.');
    return;
  }
  if (!ADDRESS.test(email) || email.length > 320)
    report(`${field}.email`, 'Does not contain a valid address.');
  if (name !== undefined && typeof name !== 'string')
    report(`${field}.name`, 'Invalid type. Expected: string.');
}

function checkStrings(value: unknown, field: string, maxBytes: number, report: ReportError): void {
  if (value === undefined) return;
  if (!isObject(value)) {
    report(field, 'Invalid type. Expected: object.');
    return;
  }
  let bytes = 0;
  for (const [name, text] of Object.entries(value)) {
    if (typeof text !== 'string') {
      report(`${field}.${name}`, 'Invalid type. Expected: string.');
      return;
    }
    bytes += Buffer.byteLength(name) + Buffer.byteLength(text);
  }
  if (bytes > maxBytes) report(field, `It has ${bytes} bytes, and may not exceed ${maxBytes}.`);
}

function checkSubject({ subject, personalizations }: Fields, report: ReportError): void {
  const isGiven = (value: unknown) => typeof value === 'string' && value !== '';
  if (isGiven(subject)) return;
  const all = Array.isArray(personalizations) ? personalizations : [];
  if (!all.every((one) => isObject(one) && isGiven(one.subject)))
    report(
      'subject',
      'The subject is required. You can get around this requirement if every personalization has one.',
    );
}

function checkContent(content: unknown, report: ReportError): void {
  if (!Array.isArray(content) || content.length === 0) {
    report('content', 'Unless a valid template_id is provided, the content parameter is required.');
    return;
  }
  for (const [index, part] of content.entries()) {
    const { type, value } = isObject(part) ? part : {};
    if (typeof type !== 'string' || type === '')
      report(`content.${index}.type`, 'The content type is required.');
    if (typeof value !== 'string' || value === '')
      report(
        `content.${index}.value`,
        'The content value must be a string at least one character in length.',
      );
    if (type === 'text/plain' && index > 0)
      report(`content.${index}.type`, 'If present, text/plain must be first, followed by text/html.');
  }
}

function checkFiles(files: unknown, report: ReportError): void {
  if (files === undefined) return;
  if (!Array.isArray(files)) {
    report('attachments', 'Invalid type. Expected: array.');
    return;
  }
  for (const [index, file] of files.entries()) {
    const { content, filename, type } = isObject(file) ? file : {};
    if (typeof content !== 'string' || content === '' || !BASE64.test(content))
      report(
        `attachments.${index}.content`,
        'The attachment content is required, and must be base64 encoded.',
      );
    if (typeof filename !== 'string' || /[\r\n]/.test(filename))
      report(`attachments.${index}.filename`, 'The filename is required.');
    if (type !== undefined && (typeof type !== 'string' || type === '' || /[\r\n;]/.test(type)))
      report(
        `attachments.${index}.type`,
        "The type of the attachment cannot contain ';', or CRLF characters.",
      );
  }
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
