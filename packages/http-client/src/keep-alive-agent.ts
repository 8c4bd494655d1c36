import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { getCACertificates } from 'node:tls';

export interface AgentSettings {
  readonly secure: boolean;
  readonly maxConnections: number;
  readonly ca?: string | undefined;
}

/** Node's servers close after 5 s, those of providers later; one that says so earlier (Keep-Alive) is listened to. */
const IDLE_MS = 4000;
/** Servers close what has been idle for seconds. What was in use a moment ago is not looked at again. */
const SUSPECT_MS = 500;
const SERVER = 'server';

/** The connections to one server. */
export interface KeepAliveAgent {
  readonly agent: HttpAgent;
  /**
   * Whether the next request would get a connection that has been idle for long: its end may have come without being
   * read yet, and a request that is written behind it would be in doubt for nothing.
   */
  isSuspect(): boolean;
  /** Ends idle connections now, and others when they become idle. */
  retire(): void;
}

export function createKeepAliveAgent({ secure, maxConnections, ca }: AgentSettings): KeepAliveAgent {
  const options = {
    keepAlive: true,
    scheduling: 'lifo',
    maxSockets: maxConnections,
    maxFreeSockets: maxConnections,
    timeout: IDLE_MS,
  } as const;
  const trust = {
    rejectUnauthorized: true,
    // `ca` alone would replace what the system trusts.
    ...(ca === undefined ? {} : { ca: [...getCACertificates('default'), ca] }),
  };
  const agent = secure ? new HttpsAgent({ ...options, ...trust }) : new HttpAgent(options);
  // One server, one name: node would put one together for each request.
  agent.getName = () => SERVER;
  const idleSince = new WeakMap<Duplex, number>();
  const idle = () => agent.freeSockets[SERVER] ?? [];
  let retired = false;

  const keep: (socket: Duplex) => unknown = agent.keepSocketAlive.bind(agent);
  agent.keepSocketAlive = (socket) => {
    if (retired || keep(socket) === false) return false;
    idleSince.set(socket, performance.now());
    socket.on('data', onUnasked).on('end', onUnasked);
    return true;
  };
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket, request) => {
    socket.off('data', onUnasked).off('end', onUnasked);
    reuse(socket, request);
  };
  return {
    agent,
    isSuspect() {
      const next = idle().at(-1);
      return next !== undefined && performance.now() - (idleSince.get(next) ?? 0) > SUSPECT_MS;
    },
    retire() {
      retired = true;
      for (const socket of [...idle()]) socket.destroy();
    },
  };
}

/**
 * The end of an idle connection, which node's agent would give away until it is closed altogether; or what nobody has
 * asked for, which would be read as the answer to the next request.
 */
function onUnasked(this: Duplex) {
  this.emit('agentRemove');
  this.destroy();
}
