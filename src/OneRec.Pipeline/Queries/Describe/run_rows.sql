-- Table runs, old to new, without the steps that no ID comes from.
SELECT run_id, step, inputs, parameters, tables, seed, code_version, fingerprint, seconds, finished_at, facts
FROM runs
WHERE step IN ('ingest', 'swing', 'pairs', 'align', 'embed', 'train', 'assign', 'evaluate', 'publish')
ORDER BY finished_at ASC NULLS FIRST, run_id ASC NULLS FIRST
