namespace OneRec.Pipeline.Engine;

/// <summary>Given token vectors keyed by <c>item_id</c>, read by row slices and never through SQL.</summary>
/// <param name="Files">Parquet files in lexicographic order.</param>
/// <param name="Column">
/// The column to attach: <c>tokens</c>, array&lt;array&lt;float&gt;&gt;, or <c>embedding</c>, array&lt;float&gt; (one
/// vector an item, attached as a list of one).
/// </param>
public sealed record VectorSource(IReadOnlyList<string> Files, string Column);
