import { backendConformance } from './backend-conformance.ts';
import { filePlace, hostPlace, memoryPlace } from './sqlite-places.test-kit.ts';

await backendConformance({ name: 'sqlite in memory', open: memoryPlace });
await backendConformance({ name: 'sqlite in a file', open: filePlace });
await backendConformance({ name: 'sqlite in the host’s file', open: hostPlace });
