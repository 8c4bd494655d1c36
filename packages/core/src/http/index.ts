export { createHandler, type Handler } from './create-handler.ts';
export { type FastifyLike, toFastifyPlugin } from './to-fastify-plugin.ts';
export { type NodeHandler, toNodeHandler } from './to-node-handler.ts';
