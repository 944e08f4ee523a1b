using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine.Local;
using OneRec.Engine.Local.Vectors;
using OneRec.Engine.Relations;
using OneRec.Engine.Sources;
using OneRec.Kernels.Batches;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines.Vectors;

public sealed class VectorJoinTests : IDisposable
{
    private static readonly Schema Items = new(
        [new Field("item_id", Int64Type.Default, nullable: false), new Field("title", StringType.Default, nullable: true)],
        null);

    private readonly ScratchFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Each_row_gets_its_own_vectors_and_a_row_without_any_gets_null()
    {
        string a = TokenFile.Embeddings(_folder["a.parquet"], [(3L, [3f, 3.5f]), (9L, [9f, 9.5f]), (1L, [1f, 1.5f])], half: false);
        string b = TokenFile.Embeddings(_folder["b.parquet"], [(4L, [4f, 4.5f])], half: false);
        using LocalEngine engine = Open();
        IRelation rows = engine.FromRows(
            Items, [RowReader.Build(Items, [[1L, "one"], [2L, "two"]]), RowReader.Build(Items, [[3L, null], [4L, "four"]])]);

        IRelation joined = engine.AttachVectors(rows, new VectorFiles([a, b], "embedding") { IsSingle = true });

        Assert.Equal(
            ["3 null [[3,3.5]]", "1 one [[1,1.5]]", "4 four [[4,4.5]]", "2 two null"],
            JoinedRows.Read(engine.Collect(joined), "title", "embedding"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Bytes_come_as_they_are_with_their_numbers_whatever_the_integers_type(bool narrow)
    {
        TokenRow[] rows =
        [
            TokenRow.Of(1L, [(Half)1, (Half)2], [(Half)3, (Half)4]),
            new TokenRow(2L, null, null, null),
            new TokenRow(3L, [], 0, 2),
            new TokenRow(4L, [1, 2, 3], -7, null),
            TokenRow.Of(5L, [(Half)0.5, (Half)(-2)]),
        ];
        string file = TokenFile.Bytes(_folder["a.parquet"], rows, groupRows: 2, narrow);
        using LocalEngine engine = Open();
        var source = new VectorFiles([file], "tokens", VectorKind.HalfBytes);

        IRelation joined = engine.AttachVectors(Wanted(engine, [5, 4, 3, 2, 1, 6]), source);

        Assert.Equal(
            [
                "1 003c004000420044 2 2",
                "2 null null null",
                "3  0 2",
                "4 010203 -7 null",
                "5 003800c0 1 2",
                "6 null null null",
            ],
            JoinedRows.Read(engine.Collect(joined), "tokens", "n_tokens", "dim"));
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public void Lists_of_any_shape_come_whole_wherever_pages_groups_and_batches_end(bool half, bool nested)
    {
        for (int seed = 1; seed <= 12; seed++)
        {
            var draws = new SplitMix64((ulong)seed);
            int count = 1 + (int)draws.NextBelow(40);
            var vectors = new List<float?[]?[]?>();
            for (int i = 0; i < count; i++)
            {
                vectors.Add(draws.NextBelow(8) == 0 ? null : Vectors(ref draws));
            }

            string path = _folder[$"{seed}.parquet"];
            int group = 1 + (int)draws.NextBelow(15);
            (object?, float?[]?[]?)[] rows = [.. vectors.Select((v, i) => ((object?)(long)(i * 3), v))];
            List<float?[]?> first = vectors.ConvertAll(v => v is { Length: > 0 } ? v[0] : null);
            VectorFiles source = nested
                ? new VectorFiles([TokenFile.Lists(path, rows, half, group)], "tokens", half ? VectorKind.Halves : VectorKind.Floats)
                : new VectorFiles(
                    [TokenFile.Embeddings(path, [.. first.Select((v, i) => ((object?)(long)(i * 3), v))], half, group)],
                    "embedding",
                    half ? VectorKind.Halves : VectorKind.Floats)
                { IsSingle = true };
            long[] wanted = [.. Enumerable.Range(0, count).Where(i => (i + seed) % 3 > 0).Select(i => i * 3L).Reverse()];

            using LocalEngine engine = Open(new VectorLimits(1 + draws.NextBelow(100_000), 200_000, int.MaxValue));
            IRelation joined = engine.AttachVectors(Wanted(engine, wanted), source);

            Assert.Equal(
                wanted.Order().Select(id => $"{id} {Expected(id)}"),
                JoinedRows.Read(engine.Collect(joined), source.Column));

            string Expected(long id) => nested ? JoinedRows.Text(vectors[(int)(id / 3)])
                : first[(int)(id / 3)] is { } vector ? $"[{JoinedRows.Text(vector)}]" : "null";
        }

        static float?[]?[] Vectors(ref SplitMix64 draws)
        {
            var vectors = new float?[draws.NextBelow(5)][];
            for (int v = 0; v < vectors.Length; v++)
            {
                vectors[v] = Vector(ref draws)!;
            }

            return vectors;
        }

        // Some vectors are longer than what the reader takes at once; some are null, or hold nulls.
        static float?[]? Vector(ref SplitMix64 draws)
        {
            long kind = draws.NextBelow(20);
            var vector = new float?[kind == 0 ? 70_000 : draws.NextBelow(6)];
            for (int i = 0; i < vector.Length; i++)
            {
                vector[i] = kind == 1 && i % 2 == 0 ? null : draws.NextBelow(2_000);
            }

            return kind == 2 ? null : vector;
        }
    }

    [Fact]
    public void Text_ids_find_their_vectors()
    {
        string file = TokenFile.Embeddings(_folder["a.parquet"], [("b", [1f]), ("\u00E9", [2f]), ("a", [3f])], half: true);
        using LocalEngine engine = Open();
        var schema = new Schema([new Field("item_id", StringType.Default, nullable: false)], null);
        IRelation rows = engine.FromRows(schema, [RowReader.Build(schema, [["a"], ["c"], ["\u00E9"]])]);
        var source = new VectorFiles([file], "embedding", VectorKind.Halves) { IsSingle = true };
        Assert.Equal(["\u00E9 [[2]]", "a [[3]]", "c null"], JoinedRows.Read(engine.Collect(engine.AttachVectors(rows, source)), "embedding"));
    }

    [Fact]
    public void Rows_that_know_their_places_need_no_search_and_a_changed_file_is_told()
    {
        string file = TokenFile.Embeddings(_folder["a.parquet"], [(7L, [7f]), (8L, [8f]), (9L, [9f])], half: false, groupRows: 2);
        using LocalEngine engine = Open();
        var source = new VectorFiles([file], "embedding") { IsSingle = true };
        IRelation places = engine.VectorPlaces(source, Int64Type.Default);
        Assert.Equal(["7 0", "8 1", "9 2"], JoinedRows.Read(engine.Collect(places), "vector_place"));
        Assert.Equal(["7 [[7]]", "8 [[8]]", "9 [[9]]"], JoinedRows.Read(engine.Collect(engine.AttachVectors(places, source)), "embedding"));

        Schema schema = VectorFiles.Places(Int64Type.Default);
        IRelation wrong = engine.FromRows(schema, [RowReader.Build(schema, [[8L, 2L]])]);
        OneRecException e = Assert.Throws<OneRecException>(() => JoinedRows.Read(engine.Collect(engine.AttachVectors(wrong, source))));
        Assert.Equal((ErrorKind.Input, "input.changed"), (e.Kind, e.Code));
        Assert.Equal($"{file}: the file changed while it was read; run the step again", e.Message);
    }

    [Fact]
    public void Batches_hold_no_more_than_the_limit_however_unlike_rows_are()
    {
        // 400 rows of 100 bytes, then 30 of 40,000, then one of 300,000: a mean would make batches of hundreds of rows.
        int[] sizes = [.. Enumerable.Repeat(100, 400), .. Enumerable.Repeat(40_000, 30), 300_000, 100, 100];
        string file = TokenFile.Bytes(
            _folder["a.parquet"], sizes.Select((s, i) => new TokenRow((long)i, new byte[s], s / 2, 1)), groupRows: 1_000);
        var limits = new VectorLimits(60_000, 200_000, int.MaxValue);
        using LocalEngine engine = Open(limits);
        IRelation joined = engine.AttachVectors(
            Wanted(engine, [.. sizes.Select((_, i) => (long)i)]), new VectorFiles([file], "tokens", VectorKind.HalfBytes));
        var batches = new List<(int Rows, int Bytes)>();
        foreach (RecordBatch batch in engine.Collect(joined))
        {
            using (batch)
            {
                var tokens = (BinaryArray)batch.Column("tokens");
                batches.Add((batch.Length, Enumerable.Range(0, tokens.Length).Sum(i => tokens.GetValueLength(i))));
            }
        }

        Assert.Equal(sizes.Length, batches.Sum(b => b.Rows));
        Assert.Equal(sizes.Sum(), batches.Sum(b => b.Bytes));
        Assert.Single(batches, b => b is { Rows: 1, Bytes: 300_000 });
        Assert.All(batches, b => Assert.True(b.Bytes <= 100_000 || b.Rows == 1, $"{b}"));
        Assert.InRange(batches.Count, 15, 25);
    }

    [Fact]
    public void A_huge_row_after_small_ones_is_a_batch_of_its_own_and_they_stand()
    {
        TokenRow[] rows = [new(1L, [1, 1], 1, 1), new(2L, new byte[9_000], 9, 500), new(3L, [3, 3], 1, 1)];
        string file = TokenFile.Bytes(_folder["a.parquet"], rows);
        using LocalEngine engine = Open(new VectorLimits(5_000, 6_000, int.MaxValue));
        IRelation joined = engine.AttachVectors(Wanted(engine, [1, 2, 3]), new VectorFiles([file], "tokens", VectorKind.HalfBytes));
        RecordBatch[] batches = [.. engine.Collect(joined)];
        Assert.Equal([1, 1, 1], batches.Select(b => b.Length));
        Assert.Equal(
            ["1 0101 1 1", $"2 {new string('0', 18_000)} 9 500", "3 0303 1 1"], JoinedRows.Read(batches, "tokens", "n_tokens", "dim"));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_row_that_no_array_can_hold_is_told_by_item(bool bytes)
    {
        string file = bytes
            ? TokenFile.Bytes(_folder["a.parquet"], [new TokenRow(41L, new byte[100], 1, 50), new TokenRow(42L, new byte[1_001], 1, 500)])
            : TokenFile.Lists(_folder["a.parquet"], [(41L, [new float?[10]]), (42L, [new float?[300]])], half: false);
        var source = new VectorFiles([file], "tokens", bytes ? VectorKind.HalfBytes : VectorKind.Floats);
        using LocalEngine engine = Open(new VectorLimits(100, 500, 1_000));
        OneRecException e = Assert.Throws<OneRecException>(
            () => JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [41, 42]), source))));
        Assert.Equal((ErrorKind.Input, "input.vectors"), (e.Kind, e.Code));
        Assert.Equal($"{file}: the vectors of item 42 exceed 2 GiB, the limit of a batch; reduce their number", e.Message);
    }

    [Fact]
    public void A_column_that_is_retained_keeps_its_values_though_later_batches_use_memory_again()
    {
        string file = TokenFile.Bytes(_folder["a.parquet"], Kilobytes(0, 40));
        using LocalEngine engine = Open(new VectorLimits(3_000, 6_000, int.MaxValue));
        IRelation joined = engine.AttachVectors(
            Wanted(engine, [.. Enumerable.Range(0, 40).Select(i => (long)i)]), new VectorFiles([file], "tokens", VectorKind.HalfBytes));
        var kept = new List<BinaryArray>();
        foreach (RecordBatch batch in engine.Collect(joined))
        {
            using (batch)
            {
                kept.Add((BinaryArray)SharedColumn.Of(batch.Column("tokens")));
            }
        }

        Assert.InRange(kept.Count, 10, 40);
        Assert.Equal(
            Kilobytes(0, 40).Select(r => Convert.ToHexString(r.Tokens!)),
            kept.SelectMany(c => Enumerable.Range(0, c.Length).Select(i => Convert.ToHexString(c.GetBytes(i)))));
    }

    [Fact]
    public void After_a_failure_the_next_reader_starts_afresh()
    {
        string file = TokenFile.Lists(_folder["a.parquet"], [(1L, [[1f, 2f]]), (2L, [new float?[300]]), (3L, [[3f]])], half: false);
        var source = new VectorFiles([file], "tokens");
        using LocalEngine engine = Open(new VectorLimits(100, 500, 1_000));
        Assert.Throws<OneRecException>(() => JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [1, 2]), source))));
        Assert.Equal(
            ["1 [[1,2]]", "3 [[3]]"], JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [3, 1]), source)), "tokens"));
    }

    [Fact]
    public void Row_groups_and_files_without_wanted_rows_are_not_opened()
    {
        string a = TokenFile.Bytes(_folder["a.parquet"], Kilobytes(0, 100), groupRows: 10);
        string b = TokenFile.Bytes(_folder["b.parquet"], Kilobytes(100, 50), groupRows: 10);
        var source = new VectorFiles([a, b], "tokens", VectorKind.HalfBytes);
        using LocalEngine engine = Open();
        Read(engine, source, 12, 15, 18);
        long one = engine.VectorBytes;
        Assert.InRange(one, 10_000, 11_000);

        Read(engine, source, 5, 42, 44, 131);
        Assert.InRange(engine.VectorBytes, 4 * 10_000, 4 * 11_000);
    }

    [Fact]
    public void Slices_in_the_sources_order_open_a_row_group_once_though_it_holds_them_all()
    {
        string file = TokenFile.Bytes(_folder["a.parquet"], Kilobytes(0, 100), groupRows: 100);
        var source = new VectorFiles([file], "tokens", VectorKind.HalfBytes);
        using LocalEngine engine = Open();
        for (long slice = 0; slice < 100; slice += 10)
        {
            Read(engine, source, [.. Enumerable.Range(0, 10).Select(i => slice + i)]);
        }

        Assert.InRange(engine.VectorBytes, 100_000, 110_000);
        Read(engine, source, 3);
        Assert.InRange(engine.VectorBytes, 200_000, 220_000);
    }

    [Fact]
    public void Vectors_that_come_twice_name_the_item_and_the_second_file()
    {
        string a = TokenFile.Embeddings(_folder["a.parquet"], [(1L, [1f]), (2L, [2f])], half: false);
        string b = TokenFile.Embeddings(_folder["b.parquet"], [(2L, [2f])], half: false);
        using LocalEngine engine = Open();
        var source = new VectorFiles([a, b], "embedding") { IsSingle = true };
        Assert.Equal(["1 [[1]]"], JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [1]), source)), "embedding"));
        OneRecException e = Assert.Throws<OneRecException>(
            () => JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [1, 2]), source))));
        Assert.Equal((ErrorKind.Input, "input.duplicate", $"{b}: item 2 has vectors in more than one row; keep one row per item"), (e.Kind, e.Code, e.Message));
    }

    [Fact]
    public void Id_without_a_sign_that_exceeds_bigint_is_refused()
    {
        ulong[] ids = [7, (1UL << 63) + 5];
        string file = TokenFile.Write(
            _folder["big.parquet"], 10, ("pid", new UInt64Array.Builder().AppendRange(ids).Build()), ("embedding", Lists()));
        using LocalEngine engine = Open();
        var source = new VectorFiles([file], "embedding") { IdColumn = "pid", IsSingle = true };
        OneRecException e = Assert.Throws<OneRecException>(() => JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, [7]), source)), "embedding"));
        Assert.Equal((ErrorKind.Input, "input.id-range"), (e.Kind, e.Code));
        Assert.Contains("pid 9223372036854775813 exceeds the range of BIGINT", e.Message, StringComparison.Ordinal);

        static IArrowArray Lists()
        {
            var lists = new ListArray.Builder(FloatType.Default);
            for (int i = 0; i < 2; i++)
            {
                lists.Append();
                ((FloatArray.Builder)lists.ValueBuilder).Append(i);
            }

            return lists.Build();
        }
    }

    private static IEnumerable<TokenRow> Kilobytes(int from, int count) => Enumerable.Range(from, count).Select(i =>
    {
        var bytes = new byte[1_000];
        var draws = new SplitMix64((ulong)i);
        for (int at = 0; at < bytes.Length; at++)
        {
            bytes[at] = (byte)draws.NextBelow(256);
        }

        return new TokenRow((long)i, bytes, 1, 500);
    });

    private static void Read(LocalEngine engine, VectorFiles source, params long[] ids) => Assert.Equal(
        ids,
        JoinedRows.Read(engine.Collect(engine.AttachVectors(Wanted(engine, ids), source)), "dim")
            .Select(r => long.Parse(r.Replace(" 500", "", StringComparison.Ordinal))));

    private static IRelation Wanted(LocalEngine engine, params long[] ids)
    {
        var schema = new Schema([new Field("item_id", Int64Type.Default, nullable: false)], null);
        return engine.FromRows(schema, [RowReader.Build(schema, [.. ids.Select(i => new object?[] { i })])]);
    }

    private LocalEngine Open(VectorLimits? limits = null) => new(
        new LocalSettings(_folder["tables"], 2, 512L << 20), new KernelRegistry(), TimeProvider.System, CancellationToken.None)
    {
        VectorLimits = limits ?? VectorLimits.Default,
    };
}
