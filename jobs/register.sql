-- Registers the tables of a OneRec.Spark folder in a Spark catalog, with the view that readers use.
-- Replace ${tables} with the tables folder (spark-sql: --hivevar tables=/data/onerec/tables). Safe to run again.
-- A job does not write every table (quarantine only has bad rows). For a table that does not exist, Delta Lake would create
-- an empty one, which the job then refuses; with this setting the statement fails instead. Let spark-sql continue after it
-- with --hiveconf hive.cli.errors.ignore=true, or remove the lines of the tables that your job does not write.
SET spark.databricks.delta.createEmptySchemaTable.enabled=false;

-- generated: tables
CREATE TABLE IF NOT EXISTS items USING delta LOCATION '${tables}/items';
CREATE TABLE IF NOT EXISTS quarantine USING delta LOCATION '${tables}/quarantine';
CREATE TABLE IF NOT EXISTS item_similarity USING delta LOCATION '${tables}/item_similarity';
CREATE TABLE IF NOT EXISTS item_pairs USING delta LOCATION '${tables}/item_pairs';
CREATE TABLE IF NOT EXISTS quality USING delta LOCATION '${tables}/quality';
CREATE TABLE IF NOT EXISTS item_embeddings USING delta LOCATION '${tables}/item_embeddings';
CREATE TABLE IF NOT EXISTS codebooks USING delta LOCATION '${tables}/codebooks';
CREATE TABLE IF NOT EXISTS semantic_ids USING delta LOCATION '${tables}/semantic_ids';
CREATE TABLE IF NOT EXISTS published USING delta LOCATION '${tables}/published';
CREATE TABLE IF NOT EXISTS failures USING delta LOCATION '${tables}/failures';
CREATE TABLE IF NOT EXISTS runs USING delta LOCATION '${tables}/runs';
-- end

-- The current IDs: those of the codebook with the highest generation, without deleted items.
CREATE OR REPLACE VIEW current_ids AS
SELECT ids.*
FROM semantic_ids AS ids
JOIN (SELECT codebook_id FROM published ORDER BY generation DESC LIMIT 1) AS now
  ON ids.codebook_id = now.codebook_id
WHERE ids.deleted_at IS NULL;
