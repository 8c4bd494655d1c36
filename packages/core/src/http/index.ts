export { createHandler, type Handler } from './create-handler.ts';
export { type NodeHandler, toNodeHandler } from './to-node-handler.ts';
