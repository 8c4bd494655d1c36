export { createHttpClient, type HttpClient, type HttpClientOptions } from './create-http-client.ts';
export type { HttpReply, HttpRequest } from './http-request.ts';
