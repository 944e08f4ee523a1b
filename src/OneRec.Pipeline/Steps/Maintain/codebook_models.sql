-- Each codebook with its model.
SELECT DISTINCT codebook_id, model_id
FROM codebooks
ORDER BY codebook_id ASC NULLS FIRST
