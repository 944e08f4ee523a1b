using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Pipeline.Tables;

/// <summary>The schemas of all tables. Ids keep the type of the input, BIGINT or STRING.</summary>
public static class OneRecTables
{
    /// <summary>The catalogue: one row per item, including deleted items.</summary>
    public static TableDefinition Items(IArrowType id) => Define(
        "items",
        [],
        ("item_id", id, false),
        ("title", StringType.Default, true),
        ("caption", StringType.Default, true),
        ("tags", StringType.Default, true),
        ("asr", StringType.Default, true),
        ("ocr", StringType.Default, true),
        ("content_hash", StringType.Default, false),
        ("updated_at", ArrowTypes.Utc, false),
        ("deleted_at", ArrowTypes.Utc, true));

    /// <summary>The most similar items of each item, by Swing.</summary>
    public static TableDefinition ItemSimilarity(IArrowType id) => Define(
        "item_similarity",
        [],
        ("item_id", id, false),
        ("similar_item_id", id, false),
        ("score", DoubleType.Default, false),
        ("rank", Int32Type.Default, false),
        ("common_users", Int32Type.Default, false));

    /// <summary>Item pairs for alignment: <c>i2i</c> and <c>u2i</c>.</summary>
    public static TableDefinition ItemPairs(IArrowType id) => Define(
        "item_pairs",
        [],
        ("item_id", id, false),
        ("pair_item_id", id, false),
        ("source", StringType.Default, false),
        ("weight", DoubleType.Default, false),
        ("support", Int64Type.Default, false));

    /// <summary>Item embeddings; append-only; key: (item_id, content_hash, model_id).</summary>
    public static TableDefinition ItemEmbeddings(IArrowType id) => Define(
        "item_embeddings",
        ["model_id"],
        ("item_id", id, false),
        ("embedding", ArrowTypes.ListOf(FloatType.Default), false),
        ("content_hash", StringType.Default, false),
        ("model_id", StringType.Default, false));

    /// <summary>Codebooks: centroids by level and code.</summary>
    public static TableDefinition Codebooks() => Define(
        "codebooks",
        ["codebook_id"],
        ("codebook_id", StringType.Default, false),
        ("model_id", StringType.Default, false),
        ("level", Int32Type.Default, false),
        ("code", Int32Type.Default, false),
        ("centroid", ArrowTypes.ListOf(FloatType.Default), false),
        ("items", Int64Type.Default, false));

    /// <summary>Semantic IDs by codebook, sorted by codes.</summary>
    public static TableDefinition SemanticIds(IArrowType id) => Define(
        "semantic_ids",
        ["codebook_id"],
        ("item_id", id, false),
        ("codes", ArrowTypes.ListOf(Int32Type.Default), false),
        ("sid", StringType.Default, false),
        ("first_code", Int32Type.Default, false),
        ("slot", Int32Type.Default, false),
        ("nearest_code", Int32Type.Default, false),
        ("error", FloatType.Default, false),
        ("embedding_hash", StringType.Default, false),
        ("assigned_at", ArrowTypes.Utc, false),
        ("deleted_at", ArrowTypes.Utc, true),
        ("run_id", StringType.Default, false),
        ("codebook_id", StringType.Default, false));

    /// <summary>Codes of a backfill's items, until its last commit gives them slots.</summary>
    /// <param name="name">The table's name.</param>
    /// <param name="id">The type of item ids.</param>
    public static TableDefinition StagedIds(string name, IArrowType id) => Define(
        name,
        [],
        ("slice", Int32Type.Default, false),
        ("item_id", id, false),
        ("content_hash", StringType.Default, false),
        ("codes", ArrowTypes.ListOf(Int32Type.Default), false),
        ("sid", StringType.Default, false),
        ("first_code", Int32Type.Default, false),
        ("nearest_code", Int32Type.Default, false),
        ("error", FloatType.Default, false),
        ("embedding_hash", StringType.Default, false));

    /// <summary>Measurements by run and codebook.</summary>
    public static TableDefinition Quality() => Define(
        "quality",
        [],
        ("run_id", StringType.Default, false),
        ("codebook_id", StringType.Default, true),
        ("metric", StringType.Default, false),
        ("level", Int32Type.Default, true),
        ("iteration", Int32Type.Default, true),
        ("value", DoubleType.Default, false));

    /// <summary>Rows rejected with <c>input.badRows=quarantine</c>.</summary>
    public static TableDefinition Quarantine() => Define(
        "quarantine",
        [],
        ("run_id", StringType.Default, false),
        ("step", StringType.Default, false),
        ("source", StringType.Default, false),
        ("row", Int64Type.Default, true),
        ("reason", StringType.Default, false),
        ("payload", StringType.Default, true));

    /// <summary>Published codebooks; the highest generation is current.</summary>
    public static TableDefinition Published() => Define(
        "published",
        [],
        ("generation", Int64Type.Default, false),
        ("codebook_id", StringType.Default, false),
        ("model_id", StringType.Default, false),
        ("published_at", ArrowTypes.Utc, false),
        ("run_id", StringType.Default, false));

    /// <summary>Steps that ran, written after the other tables; columns that vary by step hold JSON.</summary>
    public static TableDefinition Runs() => Define(
        "runs",
        [],
        ("run_id", StringType.Default, false),
        ("step", StringType.Default, false),
        ("inputs", StringType.Default, false),
        ("parameters", StringType.Default, false),
        ("tables", StringType.Default, false),
        ("seed", Int64Type.Default, false),
        ("code_version", StringType.Default, false),
        ("fingerprint", StringType.Default, false),
        ("rows", Int64Type.Default, false),
        ("seconds", DoubleType.Default, false),
        ("finished_at", ArrowTypes.Utc, false),
        ("facts", StringType.Default, true));

    /// <summary>Runs that failed or were interrupted; append-only.</summary>
    public static TableDefinition Failures() => Define(
        "failures",
        [],
        ("run_id", StringType.Default, false),
        ("step", StringType.Default, false),
        ("exit_code", Int32Type.Default, false),
        ("code", StringType.Default, false),
        ("message", StringType.Default, false),
        ("seconds", DoubleType.Default, false),
        ("failed_at", ArrowTypes.Utc, false),
        ("code_version", StringType.Default, false));

    private static TableDefinition Define(
        string name,
        IReadOnlyList<string> partitionColumns,
        params (string Name, IArrowType Type, bool Nullable)[] columns) =>
        new(name, new Schema(columns.Select(c => new Field(c.Name, c.Type, c.Nullable)), null), partitionColumns);
}
