import twilio from 'twilio';
import { textMessagesFor } from './outgoing-sms.ts';
import { type ProviderJob, runAtOnce } from './provider-job.ts';
import { readJob, report } from './run-apart.ts';
import { startStopwatch } from './stopwatch.ts';

/* The peer: Twilio's own library with its default agent; only the host it speaks to is another one. */
const { port, warmUp, messages, concurrency } = readJob<ProviderJob>();

class LoopbackClient extends twilio.RequestClient {
  override request: twilio.RequestClient['request'] = (options) => {
    options.uri = options.uri.replace('https://api.twilio.com', `https://localhost:${port}`);
    return super.request(options);
  };
}

const client = twilio(`AC${'a'.repeat(32)}`, 'token', { httpClient: new LoopbackClient() });
const sendAll = (list: ReturnType<typeof textMessagesFor>) =>
  runAtOnce(concurrency, list, (message) => client.messages.create(message));

await sendAll(textMessagesFor(0, warmUp));
const measured = textMessagesFor(warmUp, messages);
const stop = startStopwatch();
await sendAll(measured);
report(stop());
