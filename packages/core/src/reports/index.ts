export { ingestReports } from './ingest-reports.ts';
