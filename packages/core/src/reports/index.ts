export { type IngestResult, ingestReports } from './ingest-reports.ts';
