-- Registers the tables of a OneRec.Spark folder in a Spark catalog, with the view that readers use.
-- Replace ${tables} by the tables folder (spark-sql: --hivevar tables=/data/onerec/tables). Safe to run again.
CREATE TABLE IF NOT EXISTS items USING delta LOCATION '${tables}/items';
CREATE TABLE IF NOT EXISTS item_embeddings USING delta LOCATION '${tables}/item_embeddings';
CREATE TABLE IF NOT EXISTS codebooks USING delta LOCATION '${tables}/codebooks';
CREATE TABLE IF NOT EXISTS semantic_ids USING delta LOCATION '${tables}/semantic_ids';
CREATE TABLE IF NOT EXISTS published USING delta LOCATION '${tables}/published';

-- The IDs in force: those of the codebook of the highest generation, without deleted items.
CREATE OR REPLACE VIEW current_ids AS
SELECT ids.*
FROM semantic_ids AS ids
JOIN (SELECT codebook_id FROM published ORDER BY generation DESC LIMIT 1) AS now
  ON ids.codebook_id = now.codebook_id
WHERE ids.deleted_at IS NULL;
