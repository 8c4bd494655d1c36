import { PrismaPg } from '@prisma/adapter-pg';
import { type GetPrismaClientConfig, getPrismaClient } from '@prisma/client/runtime/client';

// Node has it; without the DOM's types TypeScript knows its types only.
const { Module } = (
  globalThis as unknown as { WebAssembly: { Module: new (bytes: Uint8Array) => WebAssembly.Module } }
).WebAssembly;

/** What a test needs of a client that `prisma generate` makes, and of the transactions on it. */
export interface Prisma {
  $executeRaw(query: TemplateStringsArray, ...values: readonly unknown[]): Promise<number>;
  $transaction<R>(work: (tx: Prisma) => Promise<R>): Promise<R>;
  $disconnect(): Promise<void>;
}

/**
 * Prisma's client on the driver `pg`, as `prisma generate` would make it of a schema without models: the generator itself
 * wants to download a program, which tests do not.
 */
const config: GetPrismaClientConfig = {
  previewFeatures: [],
  clientVersion: '7',
  engineVersion: '7',
  activeProvider: 'postgresql',
  inlineSchema: 'datasource db {\n  provider = "postgresql"\n}\n',
  runtimeDataModel: { models: {}, enums: {}, types: {} },
  parameterizationSchema: { strings: [], graph: 'AAAA' },
  compilerWasm: {
    getRuntime: () => import('@prisma/client/runtime/query_compiler_fast_bg.postgresql.mjs' as string),
    async getQueryCompilerWasmModule() {
      const { wasm } = await import(
        '@prisma/client/runtime/query_compiler_fast_bg.postgresql.wasm-base64.mjs' as string
      );
      return new Module(Buffer.from(wasm, 'base64'));
    },
    importName: './query_compiler_fast_bg.js',
  },
};

export function openPrisma(connectionString: string): Prisma {
  const PrismaClient = getPrismaClient(config) as unknown as new (options: {
    readonly adapter: PrismaPg;
  }) => Prisma;
  return new PrismaClient({ adapter: new PrismaPg({ connectionString }) });
}
