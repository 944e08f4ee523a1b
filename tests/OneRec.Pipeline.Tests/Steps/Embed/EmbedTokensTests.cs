using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine.Local;
using OneRec.Engine.Sources;
using OneRec.Engine.Tables;
using OneRec.Inputs.Options;
using OneRec.Inputs.Vectors;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tests.Engines.Vectors;
using OneRec.Pipeline.Tests.Sampling;
using OneRec.Sampling;

namespace OneRec.Pipeline.Tests.Steps.Embed;

public sealed class EmbedTokensTests : IDisposable
{
    private const string Cure = "; fix the item, exclude it with input.deleted, or set input.badRows=quarantine";

    private readonly EmbedDesk _desk = new();

    public EmbedTokensTests() => _desk.Options = _desk.Options with
    {
        Sections = [new EmbedOptions { Inputs = [new TokensInput()], Normalize = false }],
    };

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(SampleTokenType.Float)]
    [InlineData(SampleTokenType.Float16)]
    public void A_samples_vectors_are_averaged_to_the_bit_in_either_type(SampleTokenType type)
    {
        var options = new SampleOptions { Items = 40, Users = 1, Interactions = 1, Tokens = 5, Dimensions = 9, TokenType = type };
        SampleGenerator.Generate(_desk["sample"], options);
        var given = SampleTokensFile.Read(_desk["sample"]).ToDictionary(t => t.Id, t => t.Vectors);
        Embed([.. given.Keys], "sample/tokens.parquet", commitItems: 7);
        Assert.Equal(40, _desk.Embedded().Count);
        foreach (EmbeddedItem row in _desk.Embedded())
        {
            float[] vectors = given[row.Id];
            float[] mean = [.. Enumerable.Range(0, 9).Select(t => (float)(Enumerable.Range(0, 5).Sum(v => (double)vectors[(v * 9) + t]) / 5))];
            Assert.Equal(mean.Select(BitConverter.SingleToInt32Bits), row.Embedding.Select(BitConverter.SingleToInt32Bits));
        }
    }

    [Fact]
    public void Slices_follow_the_source_and_read_it_once_and_rows_are_those_of_one_slice()
    {
        // Ids lie in the files in no order, and slices are neither row groups nor files.
        long[] ids = [.. Enumerable.Range(0, 120).Select(i => (i * 77L % 127) + 1)];
        TokenRow[] rows = [.. ids.Select(Random)];
        TokenFile.Bytes(_desk["tokens/a.parquet"], rows[..70], groupRows: 10);
        TokenFile.Bytes(_desk["tokens/b.parquet"], rows[70..], groupRows: 50);
        Embed(ids, "tokens", commitItems: 7);
        long bytes = rows.Sum(r => (long)r.Tokens!.Length);

        // The first row group is opened once more, to see how long vectors are.
        Assert.InRange(_desk.VectorBytes, bytes, bytes * 1.15);

        using var whole = new EmbedDesk();
        whole.Options = _desk.Options with
        {
            Tables = whole.Options.Tables,
            Sections = [_desk.Options.Section<EmbedOptions>() with { CommitItems = 1_000, Batch = 3 }],
        };
        whole.Catalogue([.. ids.Order().Select(i => new EmbedItem(i, null))]);
        whole.Run();
        Assert.Equal(whole.Embedded().Select(Text), _desk.Embedded().Select(Text));
        Assert.Equal(120, _desk.Embedded().Count);

        // New vectors alone are read when items come.
        TokenFile.Bytes(_desk["tokens/c.parquet"], [Random(900)]);
        Embed([.. ids, 900], "tokens", commitItems: 7);
        Assert.Equal(121, _desk.Embedded().Count);
        Assert.InRange(_desk.VectorBytes, 1, bytes / 20);
    }

    [Fact]
    public void Columns_of_other_names_are_read_and_another_column_of_the_same_file_is_another_source()
    {
        var one = new ListArray.Builder(DoubleType.Default);
        var other = new ListArray.Builder(FloatType.Default);
        for (int i = 0; i < 3; i++)
        {
            one.Append();
            ((DoubleArray.Builder)one.ValueBuilder).Append(0.1 + i);
            other.Append();
            ((FloatArray.Builder)other.ValueBuilder).Append(-i);
        }

        string file = TokenFile.Write(_desk["v.parquet"], 10, ("pid", TokenFile.Ids([0L, 1L, 2L])), ("a", one.Build()), ("b", other.Build()));
        _desk.Catalogue([.. Enumerable.Range(0, 3).Select(i => new EmbedItem(i, null))]);
        Assert.Equal([0.1f, 1.1f, 2.1f], Embedded("a"));
        string before = Version("a");
        Assert.NotEqual(before, Version("b"));
        Assert.Equal(before, Version("a"));

        float[] Embedded(string column)
        {
            _desk.Options = _desk.Options with { Input = Input(column) };
            _desk.Run();
            return [.. _desk.Embedded().OrderBy(e => e.Id).Select(e => e.Embedding.Single())];
        }

        string Version(string column) => VectorInput.Open(LocalInputs.Instance, Input(column), TimeProvider.System).Version;

        InputOptions Input(string column) => new() { Tokens = file, Columns = new InputColumns { Vector = column, VectorItem = "pid" } };
    }

    [Fact]
    public void A_killed_run_over_vectors_goes_on_and_gives_no_row_twice()
    {
        long[] ids = [.. Enumerable.Range(0, 30).Select(i => (i * 11L % 31) + 1)];
        TokenFile.Bytes(_desk["t.parquet"], ids.Select(Random), groupRows: 4);
        _desk.Options = _desk.Options with
        {
            Sections = [_desk.Options.Section<EmbedOptions>() with { CommitItems = 8 }],
            Input = new InputOptions { Tokens = _desk["t.parquet"] },
        };
        _desk.Catalogue([.. ids.Order().Select(i => new EmbedItem(i, null))]);
        Assert.Throws<OperationCanceledException>(() => _desk.Run(dieAtWrite: 3));
        Assert.Equal(16, _desk.Embedded().Count);
        Assert.Equal(14, _desk.Run().Rows);
        Assert.Equal(ids.Order(), _desk.Embedded().Select(r => r.Id));
    }

    [Fact]
    public void Items_without_vectors_are_masked_and_counted()
    {
        TokenFile.Bytes(
            _desk["t.parquet"],
            [TokenRow.Of(1L, [(Half)1, (Half)2]), new TokenRow(2L, null, null, null), new TokenRow(3L, [], 0, 2)]);
        _desk.Options = _desk.Options with
        {
            Sections = [new EmbedOptions
            {
                Inputs = [new TokensInput(), new TextInput { Encoder = _desk.Model, Fields = ["title"] }],
                Normalize = false,
            }],
            Input = new InputOptions { Tokens = _desk["t.parquet"] },
        };
        _desk.Catalogue([.. Enumerable.Range(1, 4).Select(i => new EmbedItem(i, "red"))]);
        _desk.Run();
        Assert.Equal(["3 of 4 items have no token vectors; that part of their embedding is zeros"], _desk.Messages);
        Assert.Equal([[1, 2], [0, 0], [0, 0], [0, 0]], _desk.Embedded().Select(r => r.Embedding[..2]));
    }

    [Fact]
    public void Bytes_of_a_delta_table_are_read()
    {
        var schema = new Schema(
            [
                new Field("item_id", Int64Type.Default, nullable: true),
                new Field("tokens", BinaryType.Default, nullable: true),
                new Field("n_tokens", Int32Type.Default, nullable: true),
                new Field("dim", Int32Type.Default, nullable: true),
            ],
            null);
        var bytes = new BinaryArray.Builder().Append(TokenRow.Of(8L, [(Half)1, (Half)2], [(Half)3, (Half)6]).Tokens!.AsSpan());
        using (var engine = new LocalEngine(
            new LocalSettings(_desk["delta"], 1, 512L << 20), new KernelRegistry(), TimeProvider.System, CancellationToken.None))
        {
            var batch = new RecordBatch(
                schema, [TokenFile.Ids([8L]), bytes.Build(), TokenFile.Numbers([2], true), TokenFile.Numbers([2], true)], 1);
            engine.Write(
                engine.FromRows(schema, [batch]),
                new TableWrite(new TableDefinition("vectors", schema, []), new WriteMode.Append(), new CommitNote("test", "r", "f")));
        }

        Embed([8], "delta/vectors");
        Assert.Equal([2, 4], Assert.Single(_desk.Embedded()).Embedding);
    }

    [Fact]
    public void A_row_that_is_wrong_is_told_by_item_with_its_numbers()
    {
        TokenRow good = TokenRow.Of(1L, [(Half)1, (Half)2]);
        Fails("item 2: tokens has 10 bytes, but n_tokens 3 x dim 2 in float16 needs 12" + Cure, good, new TokenRow(2L, new byte[10], 3, 2));
        Fails("item 2: tokens has 4 bytes, but n_tokens is null" + Cure, good, new TokenRow(2L, new byte[4], null, 2));
        Fails("item 2: tokens has 4 bytes, but dim is -2" + Cure, good, new TokenRow(2L, new byte[4], 1, -2));
        Fails("item 2: token vectors have 3 floats (dim), not 2" + Cure, good, TokenRow.Of(2L, [(Half)1, (Half)2, (Half)3]));
        Fails(
            "item 2: token vector 1 contains NaN at 0" + Cure,
            good,
            TokenRow.Of(2L, [(Half)1, (Half)2], [Half.NaN, (Half)1]));
        Fails(
            "item 3: token vector 0 contains infinity at 1 (2 such items among 3)" + Cure,
            good,
            TokenRow.Of(4L, [(Half)1, Half.PositiveInfinity]),
            TokenRow.Of(3L, [(Half)1, Half.NegativeInfinity]));

        void Fails(string message, params TokenRow[] rows)
        {
            string file = TokenFile.Bytes(_desk[$"{Guid.NewGuid()}.parquet"], rows);
            AssertError(file, "embed.item", message, [.. rows.Select(r => (long)r.Id!)]);
        }
    }

    [Fact]
    public void An_item_twice_and_a_null_id_are_told_by_file()
    {
        TokenFile.Bytes(_desk["twice/a.parquet"], [Random(1), Random(2), Random(3)]);
        string b = TokenFile.Bytes(_desk["twice/b.parquet"], [Random(9), Random(3)]);
        AssertError(_desk["twice"], "input.duplicate", $"{b}: item 3 has vectors in more than one row; keep one row per item", 1, 2, 3);

        // What is not embedded may be there as often as it likes.
        Embed([1, 2], "twice");
        Assert.Equal(2, _desk.Embedded().Count);

        string none = TokenFile.Bytes(_desk["null.parquet"], [Random(1), Random(2) with { Id = null }]);
        AssertError(none, "input.null-key", $"{none}: row 2: item_id is null; remove the row, write its item_id, or set input.badRows=quarantine", 5);
    }

    [Fact]
    public void Files_that_hold_no_vectors_are_told_by_column()
    {
        IArrowArray ids = TokenFile.Ids([1L]);
        IArrowArray bytes = new BinaryArray.Builder().Append(new byte[4].AsSpan()).Build();
        IArrowArray number = TokenFile.Numbers([1], true);
        IArrowArray text = TokenFile.Ids(["1"]);
        Fails("input.missing-column", "has no column 'n_tokens', which is required if tokens is binary (columns: item_id, tokens, dim)",
            ("item_id", ids), ("tokens", bytes), ("dim", number));
        Fails("input.missing-column", "has no column 'dim', which is required if tokens is binary (columns: item_id, tokens, n_tokens)",
            ("item_id", ids), ("tokens", bytes), ("n_tokens", number));
        Fails("input.missing-column", "has neither a column 'tokens' nor a column 'embedding'; set input.columns.vector (columns: item_id, n_tokens)", ("item_id", ids), ("n_tokens", number));
        Fails("input.missing-column", "has no column 'item_id'; set input.columns.vectorItem (columns: id, tokens, n_tokens, dim)",
            ("id", ids), ("tokens", bytes), ("n_tokens", number), ("dim", number));
        Fails("input.column-type", "column 'n_tokens' must be an integer",
            ("item_id", ids), ("tokens", bytes), ("n_tokens", text), ("dim", number));
        Fails("input.column-type", "column 'tokens' must be lists of float, double or float16 (one vector), lists of such lists, or binary with columns n_tokens and dim",
            ("item_id", ids), ("tokens", text));
        Fails("input.missing-column", "has no column 'n_tokens', which is required if embedding is binary (columns: item_id, embedding)", ("item_id", ids), ("embedding", bytes));
        Fails("input.column-type", "column 'item_id' must be BIGINT or STRING",
            ("item_id", bytes), ("tokens", bytes), ("n_tokens", number), ("dim", number));
        Fails("input.id-type", "item_id is STRING, but the catalogue's is BIGINT; write it as BIGINT",
            ("item_id", text), ("tokens", bytes), ("n_tokens", number), ("dim", number));

        string first = TokenFile.Bytes(_desk["mixed/a.parquet"], [Random(1)]);
        string second = TokenFile.Lists(_desk["mixed/b.parquet"], [(2L, [[1f]])], half: true);
        AssertError(
            _desk["mixed"],
            "input.column-type",
            $"{second}: tokens is array<array<float16>>, but tokens of {first} is binary; write all files of a source with the same type",
            1);

        string broken = _desk["broken.parquet"];
        File.WriteAllText(broken, "no Parquet, but long enough to be one");
        OneRecException e = Error(broken, 1);
        Assert.Equal((ErrorKind.Input, "input.parquet"), (e.Kind, e.Code));
        Assert.StartsWith($"{broken}: cannot be read as Parquet (", e.Message, StringComparison.Ordinal);

        void Fails(string code, string message, params (string, IArrowArray)[] columns)
        {
            string file = TokenFile.Write(_desk[$"{Guid.NewGuid()}.parquet"], 10, columns);
            AssertError(file, code, $"{file}: {message}", 1);
        }
    }

    [Fact]
    public void A_page_that_is_damaged_is_told_by_file()
    {
        string file = TokenFile.Bytes(_desk["t.parquet"], [.. Enumerable.Range(1, 50).Select(i => Random(i))]);
        byte[] bytes = File.ReadAllBytes(file);
        bytes.AsSpan(5_000, 400).Fill(0xFF);
        File.WriteAllBytes(file, bytes);
        OneRecException e = Error(file, [.. Enumerable.Range(1, 50).Select(i => (long)i)]);
        Assert.Equal((ErrorKind.Input, "input.parquet"), (e.Kind, e.Code));
        Assert.StartsWith($"{file}: cannot be read as Parquet (", e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    private static string Text(EmbeddedItem row) => $"{row.Id} {row.ModelId} {string.Join(' ', row.Embedding)}";

    /// <summary>A row of three vectors of 100 floats that only its id decides.</summary>
    private static TokenRow Random(long id)
    {
        var draws = new SplitMix64((ulong)id);
        var vectors = new Half[3][];
        for (int v = 0; v < vectors.Length; v++)
        {
            vectors[v] = new Half[100];
            for (int t = 0; t < 100; t++)
            {
                vectors[v][t] = (Half)(draws.NextDouble() - 0.5);
            }
        }

        return TokenRow.Of(id, vectors);
    }

    private void Embed(long[] ids, string tokens, int? commitItems = null)
    {
        _desk.Options = _desk.Options with
        {
            Sections = [_desk.Options.Section<EmbedOptions>() with { CommitItems = commitItems }],
            Input = new InputOptions { Tokens = _desk[tokens] },
        };
        _desk.Catalogue([.. ids.Order().Select(i => new EmbedItem(i, null))]);
        _desk.Run();
    }

    private OneRecException Error(string tokens, params long[] ids)
    {
        _desk.Options = _desk.Options with { Input = new InputOptions { Tokens = tokens } };
        _desk.Catalogue([.. ids.Order().Select(i => new EmbedItem(i, null))]);
        return Assert.Throws<OneRecException>(() => _desk.Run());
    }

    private void AssertError(string tokens, string code, string message, params long[] ids)
    {
        OneRecException e = Error(tokens, ids);
        Assert.Equal((ErrorKind.Input, code, message), (e.Kind, e.Code, e.Message));
    }
}
