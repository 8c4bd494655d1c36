import type { ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { isIP, type Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { type Cause, causeOf, LOST, outcomeOf, type Phase, STOPPED, unwritable } from './failure.ts';
import type { HttpReply, HttpRequest } from './http-request.ts';

export interface Limits {
  readonly connectTimeoutMs: number;
  readonly replyTimeoutMs: number;
  readonly maxReplyBytes: number;
}

type Open = (options: RequestOptions) => ClientRequest;

/** One request and what becomes of it. */
export class Exchange {
  readonly #open: Open;
  readonly #asked: HttpRequest;
  readonly #limits: Limits;
  readonly #ended = Promise.withResolvers<HttpReply>();
  #request: ClientRequest | undefined;
  #response: IncomingMessage | undefined;
  #phase: Phase = 'connect';
  /** Whether the connection had been used before. */
  #isOld = false;
  #isRepeated = false;
  #isAnswered = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;
  readonly #chunks: Buffer[] = [];
  #size = 0;

  constructor(open: Open, asked: HttpRequest, limits: Limits) {
    this.#open = open;
    this.#asked = asked;
    this.#limits = limits;
  }

  run(): Promise<HttpReply> {
    const { signal } = this.#asked;
    if (signal?.aborted) this.#end({ status: 'failed', outcome: outcomeOf(STOPPED, this.#phase) });
    else {
      signal?.addEventListener('abort', this.#onAbort);
      this.#start();
    }
    return this.#ended.promise;
  }

  #start(): void {
    const { method, path, headers, body = '' } = this.#asked;
    const length = typeof body === 'string' ? Buffer.byteLength(body) : body.byteLength;
    try {
      if (!path.startsWith('/')) throw new Error('its path does not begin with "/"');
      // A request without a body announces none.
      const framing = length > 0 || method !== 'GET' ? { 'content-length': length } : {};
      const request = this.#open({ method, path, headers: { ...headers, ...framing } });
      this.#request = request
        .on('socket', (socket) => this.#onSocket(socket))
        .on('response', (response) => this.#onResponse(response))
        .on('error', (error) => this.#fail(causeOf(error)))
        // Node ends it without a word where the server changes the protocol.
        .on('close', () => {
          if (this.#request === request) this.#fail(LOST);
        });
      // Called with an error where it has not all been given to the network.
      request.write(body, (error) => {
        if (!error) this.#phase = 'after_body';
      });
      request.end();
    } catch (error) {
      this.#end({ status: 'failed', outcome: unwritable(error as Error) });
    }
  }

  #onSocket(socket: Socket): void {
    const { connectTimeoutMs } = this.#limits;
    const encrypted = 'encrypted' in socket;
    this.#isOld = !socket.connecting && (!encrypted || (socket as TLSSocket).authorized);
    if (this.#isOld) {
      this.#onConnected();
      return;
    }
    const host = this.#request?.host ?? '';
    this.#phase = isIP(host) === 0 ? 'resolve' : 'connect';
    socket.once('lookup', (error) => {
      if (!error) this.#phase = 'connect';
    });
    if (encrypted) {
      socket.once('connect', () => {
        this.#phase = 'tls';
      });
    }
    socket.once(encrypted ? 'secureConnect' : 'connect', () => this.#onConnected());
    this.#wait(connectTimeoutMs, 'There was no connection in time.');
  }

  #onConnected(): void {
    if (this.#phase !== 'after_body') this.#phase = 'body';
    this.#wait(this.#limits.replyTimeoutMs, 'There was no answer in time.');
  }

  #onResponse(response: IncomingMessage): void {
    this.#response = response;
    response
      .on('data', (chunk: Buffer) => {
        this.#size += chunk.length;
        if (this.#size > this.#limits.maxReplyBytes) this.#answer(false);
        else this.#chunks.push(chunk);
      })
      .on('end', () => this.#answer(response.complete))
      .on('error', () => this.#answer(false));
  }

  #wait(ms: number, text: string): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#stop({ code: 'ETIMEDOUT', text }), ms);
  }

  readonly #onAbort = (): void => this.#stop(STOPPED);

  #stop(cause: Cause): void {
    this.#afterLastByte(() => this.#fail(cause));
  }

  /** Over TLS the word that the last byte has left is a turn of the event loop late. */
  #afterLastByte(then: () => void): void {
    if (this.#phase === 'body') setImmediate(then);
    else then();
  }

  #fail(cause: Cause): void {
    if (this.#isOver) return;
    if (this.#response !== undefined) this.#answer(false);
    else if (this.#canRepeat(cause)) {
      this.#isRepeated = true;
      this.#phase = 'connect';
      clearTimeout(this.#timer);
      this.#start();
    } else this.#end({ status: 'failed', outcome: outcomeOf(cause, this.#phase) });
  }

  /** The server may close a connection while it is idle, and just then a request goes out: nothing is wrong with either. */
  #canRepeat({ code }: Cause): boolean {
    const isNetwork = code !== undefined && code !== 'ETIMEDOUT';
    return isNetwork && this.#isOld && this.#phase === 'body' && !this.#isRepeated;
  }

  #answer(isComplete: boolean): void {
    if (this.#isAnswered) return;
    this.#isAnswered = true;
    this.#afterLastByte(() => this.#endWithAnswer(isComplete));
  }

  #endWithAnswer(isComplete: boolean): void {
    const { statusCode = 0, headers } = this.#response as IncomingMessage;
    delete headers['set-cookie'];
    const [only] = this.#chunks;
    const bytes = this.#chunks.length === 1 && only !== undefined ? only : Buffer.concat(this.#chunks);
    this.#end({
      status: 'answered',
      code: statusCode,
      headers: headers as Record<string, string>,
      body: bytes.toString(),
      isComplete,
      isRequestWhole: this.#phase === 'after_body',
    });
    // Answered before all was said: the rest is not wanted, and the connection is good for nothing else.
    if (!isComplete || this.#phase !== 'after_body') this.#request?.destroy();
  }

  #end(reply: HttpReply): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearTimeout(this.#timer);
    this.#asked.signal?.removeEventListener('abort', this.#onAbort);
    if (reply.status === 'failed') this.#request?.destroy();
    this.#ended.resolve(reply);
  }
}
