using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Quantization;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Compare;

/// <summary>Finds the sets of IDs that <c>compare</c> is asked for.</summary>
internal sealed class SemanticIdSources(PlanContext context, IWork work, ComparedItems items, ILearned learned)
{
    private const string Hash = "hash";
    private const string Rqvae = "rqvae";
    private const string Column = "column:";
    private static readonly string[] Columns = ["title", "caption", "tags"];

    /// <summary>Reads the sets, in the order in which they were asked for.</summary>
    /// <exception cref="OneRecException">A set is unknown, cannot be read, or has no item of the catalogue.</exception>
    public IReadOnlyList<SemanticIdSet> Read(IReadOnlyList<string> asked)
    {
        var sets = new List<SemanticIdSet>();
        foreach (string one in asked)
        {
            context.Cancellation.ThrowIfCancellationRequested();
            (string name, string source) = Named(one);
            work.Report($"reading IDs: {name}");
            sets.Add(Read(name, source, sets));
        }

        return sets;
    }

    private static (string Name, string Source) Named(string asked)
    {
        int equals = asked.IndexOf('=', StringComparison.Ordinal);
        return equals > 0 ? (asked[..equals], asked[(equals + 1)..]) : (asked.Contains('/') ? Path.GetFileName(asked) : asked, asked);
    }

    private SemanticIdSet Read(string name, string source, IReadOnlyList<SemanticIdSet> before)
    {
        if (source == Hash)
        {
            return Hashed(name, before);
        }

        if (source == Rqvae)
        {
            return Learned(name, before);
        }

        if (source.StartsWith(Column, StringComparison.Ordinal))
        {
            return OfColumn(name, source[Column.Length..]);
        }

        if (source is "current" or "newest" || EmbedOptions.IsId(source))
        {
            return OfCodebook(name, source);
        }

        var builder = new SemanticIdSetBuilder(name, source, items);
        SemanticIdFile.Read(context.Engine, source, builder);
        SemanticIdSet set = builder.Build();
        if (builder.Unknown > 0)
        {
            work.Report(string.Create(CultureInfo.InvariantCulture, $"{source}: {builder.Unknown:N0} of its items are not in the catalogue; they are left out"));
        }

        return set;
    }

    private SemanticIdSet OfCodebook(string name, string choice)
    {
        IEngine engine = context.Engine;
        Codebook codebook = CodebookChoice.Resolve(engine, choice);
        (IReadOnlyList<float[]> levels, int dims) = CodebookTable.Read(engine, engine.ReadTable(CodebookChoice.Table), codebook);
        var builder = new SemanticIdSetBuilder(name, $"codebook {codebook.CodebookId}", items);
        if (engine.Tables.State("semantic_ids") is not null)
        {
            IRelation rows = engine.Sql(
                SqlScript.Load(typeof(SemanticIdSources), "codes_of_codebook.sql").With("codebook_id", codebook.CodebookId),
                ("ids", engine.ReadTable("semantic_ids")),
                ("items", items.Rows));
            foreach (object?[] row in RowReader.Read(engine.Collect(rows)))
            {
                builder.Add((string)row[0]!, [.. ((object?[])row[1]!).Select(c => (int)c!)]);
            }
        }

        SemanticIdSet set = builder.Build([.. levels.Select(l => l.Length / dims)]);
        EmbeddingMatrix? embeddings = EmbeddingMatrix.ReadTable(engine, items, codebook.ModelId);
        return embeddings is null ? set : new SemanticIdSet(name, set.Codes, set.Sizes) { Errors = ErrorsOf(set, embeddings, levels) };
    }

    // What the centroids of the first levels leave, over all items with an ID.
    private static double[] ErrorsOf(SemanticIdSet set, EmbeddingMatrix embeddings, IReadOnlyList<float[]> levels)
    {
        int d = embeddings.Dimensions;
        int[] own = [.. Enumerable.Range(0, set.Codes.Count).Where(i => set.Codes[i] is not null)];
        var squares = new double[levels.Count];
        var left = new float[d];
        foreach (int item in own)
        {
            embeddings.Vectors.AsSpan(item * d, d).CopyTo(left);
            for (int level = 0; level < levels.Count; level++)
            {
                ReadOnlySpan<float> centroid = levels[level].AsSpan(set.Codes[item]![level] * d, d);
                double sum = 0;
                for (int i = 0; i < d; i++)
                {
                    left[i] -= centroid[i];
                    sum += (double)left[i] * left[i];
                }

                squares[level] += sum;
            }
        }

        float[] vectors = [.. own.SelectMany(i => embeddings.Vectors.AsSpan(i * d, d).ToArray())];
        double variance = EmbeddingVariance.Of(vectors, d) * own.Length;
        return [.. squares.Select(s => s / variance)];
    }

    // As many levels and codes as the first set: what an ID is worth that knows nothing of its item.
    private SemanticIdSet Hashed(string name, IReadOnlyList<SemanticIdSet> before)
    {
        IReadOnlyList<int> sizes = First(name, before).Sizes;
        string[] ids = items.Numbers.Texts();
        return new SemanticIdSet(
            name,
            [.. ids.Select(id => (int[]?)[.. sizes.Select((size, level) => (int)(StableHash.Order32(level, "compare", id) % (uint)size))])],
            sizes);
    }

    private SemanticIdSet Learned(string name, IReadOnlyList<SemanticIdSet> before)
    {
        IReadOnlyList<int> sizes = First(name, before).Sizes;
        EmbeddingMatrix matrix = EmbeddingMatrix.Read(context, items, EmbedModel.Of(context), work.Report);
        (int[][] codes, double[] errors) = learned.RqVae(matrix.Vectors, matrix.Dimensions, sizes, work);
        return new SemanticIdSet(name, codes, sizes) { Errors = errors };
    }

    private SemanticIdSet OfColumn(string name, string column)
    {
        if (!Columns.Contains(column))
        {
            throw OneRecException.Configuration("compare.ids", $"column:{column}: table items has the columns {string.Join(", ", Columns)}");
        }

        IRelation rows = context.Engine.Sql(
            SqlScript.Load(typeof(SemanticIdSources), "values_of_column.sql").With("column", new SqlArgument.Name(column)), ("items", items.Rows));
        var numbers = new Dictionary<string, int>(StringComparer.Ordinal);
        var builder = new SemanticIdSetBuilder(name, $"column {column}", items);
        foreach (object?[] row in RowReader.Read(context.Engine.Collect(rows)))
        {
            string value = (string)row[1]!;
            if (!numbers.TryGetValue(value, out int number))
            {
                number = numbers.Count;
                numbers.Add(value, number);
            }

            builder.Add((string)row[0]!, [number]);
        }

        return builder.Build();
    }

    private static SemanticIdSet First(string name, IReadOnlyList<SemanticIdSet> before) => before.Count > 0 ? before[0] : throw OneRecException.Configuration(
        "compare.ids", $"{name} has the levels and codes of the set before it; name another set first, such as current");
}
