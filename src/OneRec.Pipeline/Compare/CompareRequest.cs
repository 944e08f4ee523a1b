namespace OneRec.Pipeline.Compare;

/// <summary>What <c>compare</c> is asked to compare.</summary>
/// <param name="Ids">Sets of IDs: <c>current</c>, <c>newest</c>, a codebook id, <c>rqvae</c>, <c>hash</c>, <c>column:NAME</c>, a file, or NAME=any of these.</param>
/// <param name="Embeddings">Embeddings: <c>pool</c>, <c>aligned</c>, a model id, <c>linear</c>, <c>popular</c>, <c>chance</c>.</param>
public sealed record CompareRequest(IReadOnlyList<string> Ids, IReadOnlyList<string> Embeddings);

/// <summary>What <c>compare</c> found: the same measures for each set.</summary>
/// <param name="Facts">What was compared: items, interactions, held-out partners.</param>
/// <param name="Ids">Measures of sets of IDs.</param>
/// <param name="Embeddings">Measures of embeddings.</param>
public sealed record Comparison(IReadOnlyList<(string Name, long Value)> Facts, CompareTable Ids, CompareTable Embeddings);

/// <summary>A table of measures.</summary>
/// <param name="Sets">The compared sets.</param>
/// <param name="Rows">The measures.</param>
public sealed record CompareTable(IReadOnlyList<string> Sets, IReadOnlyList<CompareRow> Rows);

/// <summary>A measure of every set.</summary>
/// <param name="Measure">Its name.</param>
/// <param name="Level">The level or prefix length, from 1; null if it is of whole IDs.</param>
/// <param name="Values">Its value for each set; null if the set has none.</param>
public sealed record CompareRow(string Measure, int? Level, IReadOnlyList<double?> Values);
