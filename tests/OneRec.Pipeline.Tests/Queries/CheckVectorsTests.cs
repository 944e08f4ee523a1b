using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tests.Engines.Vectors;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Queries;

/// <summary>What <c>run</c> refuses inside vectors, <c>check</c> refuses, whether or not the vectors are hashed.</summary>
public sealed class CheckVectorsTests : IDisposable
{
    private static readonly float?[] Good = [1, 2];

    private readonly StepBench _bench = new();

    public CheckVectorsTests() => _bench.Write("items.csv", "item_id,title,v\n1,one,1\n2,two,1\n3,three,1\n");

    [Theory]
    [InlineData(null)]
    [InlineData("v")]
    public void Vectors_that_are_right_are_counted(string? version)
    {
        Write((1L, Good), (3L, Good), (9L, [float.NaN, 1]));
        IReadOnlyList<CheckFact> facts = Check(version: version);
        Assert.Equal("2 (66.7 %)", facts.Single(f => f.Section == "vectors" && f.Key == "items_with_vectors").Text);
        Assert.Equal("1 items have no vectors; that part of their embeddings is zeros", facts.Single(f => f.Section == "vectors" && f.Key == "warning").Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("v")]
    public void Numbers_that_are_none_are_told_by_item(string? version)
    {
        Write((1L, Good), (2L, [1, float.NaN]), (3L, [float.PositiveInfinity, 1]));
        const string Cure = "fix the item, exclude it with input.deleted, or set input.badRows=quarantine";
        Assert.Equal($"item 2: token vector 0 contains NaN at 1 (2 such items among 3); {Cure}", Refused(version));
        Write((1L, Good), (2L, Good), (3L, [null, 1]));
        Assert.Equal($"item 3: token vector 0 contains a null (1 such item among 3); {Cure}", Refused(version));
        IReadOnlyList<CheckFact> facts = Check(BadRows.Quarantine, version);
        Assert.Equal("1", facts.Single(f => f.Section == "vectors" && f.Key == "bad_rows").Text);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("v")]
    public void Ids_that_are_null_repeated_or_of_another_type(string? version)
    {
        string file = Write((1L, Good), (null, Good), (3L, Good));
        Assert.Equal($"{file}: row 2: item_id is null; remove the row, write its item_id, or set input.badRows=quarantine", Refused(version));
        Write((1L, Good), (3L, Good), (3L, Good));
        Assert.Equal($"{file}: item 3 has vectors in more than one row; keep one row per item", Refused(version));
        Write(("1", Good), ("2", Good), ("3", Good));
        Assert.Equal($"{file}: item_id is STRING, but the catalogue's is BIGINT; write it as BIGINT", Refused(version));
    }

    [Fact]
    public void Lengths_that_differ_and_ids_that_match_none()
    {
        string file = Write((1L, Good), (2L, [1, 2, 3]), (3L, Good));
        Assert.Equal(
            $"{file}: vectors of item 1 have 2 floats, but those of item 2 have 3; write all vectors with one length", Refused(null));
        Write((11L, Good), (12L, Good));
        Assert.Equal(
            "no item has vectors; the item_id of input.tokens must be those of the catalogue",
            Check().Single(f => f.Section == "vectors" && f.Key == "warning").Text);
    }

    [Fact]
    public void Notice_about_a_column_s_type_is_told()
    {
        _bench.Write("items.csv", "item_id,title,v\n" + string.Concat(Enumerable.Range(0, 200).Select(n => n == 77 ? "guest,t,1\n" : $"{n},t,1\n")));
        Write(("1", Good), ("guest", Good));
        Assert.StartsWith(
            $"{_bench["items.csv"]}: column 'item_id' is read as STRING because of values such as 'guest'",
            Check().Single(f => f.Section == "catalogue" && f.Key == "warning").Text);
    }

    public void Dispose() => _bench.Dispose();

    private string Write(params (object? Id, float?[]? Vector)[] rows) => TokenFile.Embeddings(_bench["vectors.parquet"], rows, half: false);

    private string Refused(string? version)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Check(version: version));
        Assert.Equal(ErrorKind.Input, refused.Kind);
        return refused.Message;
    }

    private IReadOnlyList<CheckFact> Check(BadRows bad = BadRows.Fail, string? version = null)
    {
        var options = new OneRecOptions
        {
            Tables = _bench["tables"],
            Input = new InputOptions
            {
                Items = _bench["items.csv"],
                Tokens = _bench["vectors.parquet"],
                TokensVersion = version,
                BadRows = bad,
            },
            Sections = [new EmbedOptions { Inputs = [new TokensInput()] }, new TrainOptions { Codes = [1] }],
        };
        using IEngine engine = EngineFactory.Create("local", options, TimeProvider.System, CancellationToken.None, EngineAccess.Read);
        return CheckQuery.Run(engine, options, StepComposition.All, TimeProvider.System, CancellationToken.None);
    }
}
