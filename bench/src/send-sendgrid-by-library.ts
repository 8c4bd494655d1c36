import { Client } from '@sendgrid/client';
import { type MailDataRequired, MailService } from '@sendgrid/mail';
import { HTML, SUBJECT, TEXT, valuesOf } from './mail.ts';
import { mailsFor } from './outgoing.ts';
import { type ProviderJob, runAtOnce } from './provider-job.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/*
 * The peer: SendGrid's own library, with ready texts one by one, or as its documentation has it for many: one content, and
 * a personalization with substitutions for each of a thousand recipients.
 */
const { port, warmUp, messages, concurrency, perRequest } = readJob<ProviderJob>();
const client = new Client();
client.setApiKey('SG.bench');
client.setDefaultRequest('baseUrl', `http://127.0.0.1:${port}/`);
const service = new MailService();
service.setClient(client);

/** What the library is given: a mail of its own for each, or one for each thousand. */
function dataFor(first: number, count: number): readonly MailDataRequired[] {
  const mails = mailsFor(first, count).map(asData);
  if (perRequest === 1) return mails;
  const requests: MailDataRequired[] = [];
  for (let at = 0; at < count; at += perRequest) {
    requests.push(batchOf(mails.slice(at, at + perRequest), first + at));
  }
  return requests;
}

type Mail = ReturnType<typeof asData>;

function asData({ from, to, subject, html, text, headers }: ReturnType<typeof mailsFor>[number]) {
  const { name, address } = to as { readonly name: string; readonly address: string };
  return {
    from: { email: (from as { readonly address: string }).address, name: 'Salon Sol' },
    to: { email: address, name },
    subject: String(subject),
    html: String(html),
    text: String(text),
    headers: headers as Record<string, string>,
    customArgs: { token: address },
  };
}

function batchOf(mails: readonly Mail[], first: number): MailDataRequired {
  return {
    from: { email: 'hej@example.com', name: 'Salon Sol' },
    subject: SUBJECT,
    html: HTML,
    text: TEXT,
    substitutionWrappers: ['{{ ', ' }}'],
    personalizations: mails.map(({ to, headers, customArgs }, index) => ({
      to,
      headers,
      customArgs,
      substitutions: valuesOf(first + index),
    })),
  };
}

const sendAll = (list: readonly MailDataRequired[]) =>
  runAtOnce(concurrency, list, (mail) => service.send(mail));

await sendAll(dataFor(0, warmUp));
const measured = dataFor(warmUp, messages);
const stop = startStopwatch();
await sendAll(measured);
report(stop());
