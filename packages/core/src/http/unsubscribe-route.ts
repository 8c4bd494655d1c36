import type { Context } from '../context.ts';
import type { Channel } from '../ports/index.ts';
import {
  readLink,
  resubscribeAddress,
  SHORT_UNSUBSCRIBE_PATH,
  UNSUBSCRIBE_PATH,
  type UnsubscribeLink,
  unsubscribeAddress,
} from '../unsubscribe/index.ts';
import { pageResponse } from './page.ts';
import { pageLanguageOf } from './page-language.ts';
import { plainPage } from './plain-pages.ts';
import { readForm } from './read-form.ts';
import type { Call, Route } from './route.ts';
import { type LinkWords, questionPage, resubscribedPage, unsubscribedPage } from './unsubscribe-page.ts';

/**
 * Where the links of bulk mail lead. To look at it changes nothing, as mail servers open links to see what is behind
 * them; a mail program posts what RFC 8058 says, and the page's buttons post an `action`. Never a redirect, which RFC 8058
 * forbids.
 */
export const unsubscribeRoute: Route = {
  name: UNSUBSCRIBE_PATH,
  hasParameter: true,
  methods: { GET: ask, POST: act },
};

/** The same, where the links of text messages lead. */
export const shortUnsubscribeRoute: Route = { ...unsubscribeRoute, name: SHORT_UNSUBSCRIBE_PATH };

async function ask(context: Context, { request, parameter }: Call): Promise<Response> {
  const link = await readLink(context, parameter);
  if (link === null) return plainPage(request, 404);
  const language = pageLanguageOf(request);
  return pageResponse(questionPage(wordsOf(link), language), language);
}

async function act(context: Context, { request, parameter }: Call): Promise<Response> {
  const link = await readLink(context, parameter);
  if (link === null) return plainPage(request, 404);
  const read = await readForm(request);
  if ('status' in read) return plainPage(request, read.status);
  const wish = wishOf(read.form);
  if (wish === null) return plainPage(request, 400);
  const language = pageLanguageOf(request);
  const words = wordsOf(link);
  if (wish !== 'resubscribe') {
    const undoable = await unsubscribeAddress(context, link, wish);
    return pageResponse(unsubscribedPage(words, undoable, language), language);
  }
  const free = await resubscribeAddress(context, link);
  const page = free ? resubscribedPage(words, language) : unsubscribedPage(words, false, language);
  return pageResponse(page, language);
}

function wishOf(form: FormData): 'one-click' | 'page' | 'resubscribe' | null {
  if (form.get('List-Unsubscribe') === 'One-Click') return 'one-click';
  const action = form.get('action');
  if (action === 'unsubscribe') return 'page';
  return action === 'resubscribe' ? action : null;
}

function wordsOf({ subscription: { channel }, message }: UnsubscribeLink): LinkWords {
  if (message === null) return { channel, sender: null, address: null };
  const { from, address } = message;
  return {
    channel,
    sender: from.name ?? from.address,
    address: address === null ? null : masked(channel, address),
  };
}

/** A forwarded newsletter brings its link along: whoever opens it recognises an address only if it is theirs. */
function masked(channel: Channel, address: string): string {
  if (channel === 'sms') return `…${address.slice(-2)}`;
  const [first = ''] = address;
  return `${first}…${address.slice(address.lastIndexOf('@'))}`;
}
