import { createServer } from 'node:http';
import { sqlite } from '@posthorn/backend-sqlite';
import { createPosthorn, toNodeHandler } from '@posthorn/core';

const posthorn = createPosthorn({
  backend: sqlite('messages.db'),
  adapters: [],
  secrets: { current: 'k1', keys: { k1: process.env.POSTHORN_KEY } },
  publicUrl: 'https://app.example.com/messages', // where the world reaches what is mounted below
});

// node:http
createServer(toNodeHandler(posthorn)).listen(3000);

// Express 5, before express.json() and other body parsers:
//   app.use('/messages', toNodeHandler(posthorn));

// Fastify 5; your own parsers go on working everywhere else:
//   app.register(toFastifyPlugin(posthorn), { prefix: '/messages' });

// Next.js, in app/messages/[...path]/route.ts; and whatever else has Request and Response:
export const GET = posthorn.handler;
export const POST = posthorn.handler;
