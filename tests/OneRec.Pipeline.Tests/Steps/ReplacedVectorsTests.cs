using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tests.Engines.Vectors;

namespace OneRec.Pipeline.Tests.Steps;

/// <summary>An item's vectors and images are part of what it is: replaced ones are embedded anew.</summary>
public sealed class ReplacedVectorsTests : IDisposable
{
    private readonly StepBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public void Replaced_vectors_are_embedded_anew_and_the_same_ones_are_not()
    {
        Catalogue(3);
        Vectors(1, TokenRow.Of(1L, [(Half)1, (Half)2]), TokenRow.Of(2L, [(Half)3, (Half)4]), TokenRow.Of(3L, [(Half)5, (Half)6]));
        Assert.Equal((3, 3), Run());
        Assert.Equal((0, 0), Run());

        // Rewritten in another order with one other vector.
        Vectors(2, TokenRow.Of(3L, [(Half)5, (Half)6]), TokenRow.Of(2L, [(Half)3, (Half)9]), TokenRow.Of(1L, [(Half)1, (Half)2]));
        Assert.Equal((1, 1), Run());
        Assert.Equal([3f, 9f], Embedding(2));

        // Vectors that go and vectors that come are changes too.
        Vectors(3, TokenRow.Of(3L, [(Half)5, (Half)6]), TokenRow.Of(2L, [(Half)3, (Half)9]));
        Assert.Equal((1, 0), Run());
        Vectors(4, TokenRow.Of(3L, [(Half)5, (Half)6]), TokenRow.Of(2L, [(Half)3, (Half)9]), TokenRow.Of(1L, [(Half)8, (Half)8]));
        Assert.Equal((1, 1), Run());
        Assert.Equal([8f, 8f], Embedding(1));
    }

    [Fact]
    public void With_tokens_version_the_catalogue_alone_says_what_changed()
    {
        Catalogue(2);
        Vectors(1, TokenRow.Of(1L, [(Half)1, (Half)2]), TokenRow.Of(2L, [(Half)3, (Half)4]));
        Assert.Equal((2, 2), Run("'v1'"));
        Vectors(2, TokenRow.Of(1L, [(Half)7, (Half)2]), TokenRow.Of(2L, [(Half)3, (Half)4]));
        Assert.Equal((0, 0), Run("'v1'"));
        Assert.Equal((2, 2), Run("'v2'"));
        Assert.Equal([7f, 2f], Embedding(1));
    }

    [Fact]
    public void An_item_whose_vectors_come_twice_is_refused_before_anything_is_written()
    {
        Catalogue(2);
        Vectors(1, TokenRow.Of(1L, [(Half)1, (Half)2]), TokenRow.Of(1L, [(Half)3, (Half)4]));
        Assert.Equal(
            $"{_bench["tokens.parquet"]}: item 1 has vectors in more than one row; keep one row per item",
            _bench.Refused(Options(null), "ingest").Message);
        Assert.Empty(_bench.Table("items"));
    }

    private void Catalogue(int items) => _bench.Write(
        "items.csv", "item_id,title\n" + string.Concat(Enumerable.Range(1, items).Select(i => $"{i},t\n")));

    // A version sees whole seconds.
    private void Vectors(int second, params TokenRow[] rows)
    {
        TokenFile.Bytes(_bench["tokens.parquet"], rows);
        File.SetLastWriteTimeUtc(_bench["tokens.parquet"], DateTime.UnixEpoch.AddYears(50).AddSeconds(second));
    }

    private OneRecOptions Options(string? version) => new()
    {
        Input = new InputOptions
        {
            Items = _bench["items.csv"],
            Tokens = _bench["tokens.parquet"],
            TokensVersion = version,
            BadRows = BadRows.Quarantine,
        },
        Sections = [new EmbedOptions { Inputs = [new TokensInput()], Normalize = false }],
    };

    private (long Changed, long Embedded) Run(string? version = null)
    {
        IReadOnlyList<StepSummary> steps = _bench.Run(Options(version), "ingest", "embed");
        return (
            steps[0].Facts.Where(f => f.Name is "new" or "changed").Sum(f => long.Parse(f.Value)),
            steps[1].Rows);
    }

    /// <summary>The item's embedding for its content of now.</summary>
    private float[] Embedding(long item)
    {
        string hash = (string)_bench.Table("items").Single(r => (long)r[0]! == item)[6]!;
        object?[] row = _bench.Table("item_embeddings").Single(r => (long)r[0]! == item && (string)r[2]! == hash);
        return [.. ((object?[])row[1]!).Select(v => (float)v!)];
    }
}
