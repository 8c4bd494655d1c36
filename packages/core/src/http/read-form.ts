import { InputError } from '../errors.ts';
import { readBytes } from './read-bytes.ts';

/** The forms that are read here hold a few short fields. */
const MAX_BYTES = 16 * 1024;

/** A form, or the status that says why it is none. */
export type ReadForm = { readonly form: FormData } | { readonly status: 400 | 413 };

/** Reads a form (urlencoded or multipart) and never more than 16 KiB of it. */
export async function readForm(request: Request): Promise<ReadForm> {
  if (request.bodyUsed) {
    throw new InputError('invalid_input', 'The body of the request was read before Posthorn got it.', {
      path: 'request',
      advice: 'Pass the request unread, or a clone of it.',
    });
  }
  const type = request.headers.get('content-type') ?? '';
  try {
    const bytes = await readBytes(request, MAX_BYTES);
    if (bytes === null) return { status: 413 };
    return { form: await new Response(bytes, { headers: { 'content-type': type } }).formData() };
  } catch {
    // It is no form, or its sender has gone in the middle of it.
    return { status: 400 };
  }
}
