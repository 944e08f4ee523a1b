using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.TestWorker;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Kernels through the seam: keys, order, side inputs, vectors, failures.</summary>
public abstract class MapTests(EngineDesk desk)
{
    [Fact]
    public void Rows_of_a_key_come_together_and_sorted_though_they_span_batches()
    {
        // Key 0 alone has more rows than an Arrow batch of Spark's (10,000); keys and times come shuffled; one key is null.
        const int n = 40_000;
        long?[][] rows = [.. Enumerable.Range(0, n).Select(i => i * 7919L % n)
            .Select(i => new long?[] { i % 2 == 0 ? 0 : i % 101 == 0 ? null : i % 97, i * 31 % n })];
        List<string> expected = [.. rows.GroupBy(r => r[0]).Select(g =>
            $"{g.Key?.ToString() ?? "null"} | {g.Count()} | [{string.Join(", ", g.Select(r => r[1]!.Value).Order())}]")];
        expected.Sort(StringComparer.Ordinal);

        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation runs = engine.Map(
            Batches.Longs(engine, ["x", "k", "t"], [.. rows.Select(r => new[] { 7, r[0], r[1] })]),
            RunsKernel.Call,
            PartitionShape.ByKey("k", "t"));
        Assert.Equal(expected, engine.SortedRows(engine.Sql(new SqlScript("SELECT k, n, ts FROM r"), ("r", runs))));
    }

    [Fact]
    public void Select_above_and_below_a_map_keeps_the_columns_that_the_kernel_reads()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT a AS k, b AS t, a + b AS spare FROM r"),
            ("r", Batches.Longs(engine, ["a", "b"], [[1, 5], [1, 4], [2, 6]])));
        IRelation runs = engine.Map(rows, RunsKernel.Call, PartitionShape.ByKey("k", "t"));
        IRelation few = engine.Sql(new SqlScript("SELECT n FROM r WHERE k = 1"), ("r", runs));
        Assert.Equal(["2"], engine.Rows(few));
    }

    [Fact]
    public void Side_input_reaches_every_task_in_its_order_and_vectors_reach_the_table()
    {
        const int codes = 500;
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        var codebookSchema = new Schema([new Field("code", Int32Type.Default, false), new Field("centroid", Batches.Floats, false)], null);
        IRelation unordered = engine.FromRows(
            codebookSchema,
            [
                new RecordBatch(
                    codebookSchema,
                    [
                        new Int32Array.Builder().AppendRange(Enumerable.Range(0, codes).Reverse()).Build(),
                        Batches.Lists(Enumerable.Range(0, codes).Reverse().Select(c => new[] { c * 0.1f, -c, 1f / (c + 1) })),
                    ],
                    codes),
            ]);
        IRelation codebook = engine.Sql(new SqlScript("SELECT code, centroid FROM c ORDER BY code"), ("c", unordered));
        IRelation items = engine.Sql(
            new SqlScript("SELECT item_id, CAST(item_id % 500 AS INT) AS code FROM r"),
            ("r", Batches.Longs(engine, ["item_id"], [.. Enumerable.Range(0, 25_000).Select(i => new long?[] { i })])));
        IRelation vectors = engine.Map(items, LookUpKernel.Call(3), PartitionShape.Any, ("codebook", codebook));
        var table = new TableDefinition("vectors", LookUpKernel.Output, []);
        Assert.Equal(
            25_000,
            Assert.IsType<WriteResult.Committed>(engine.Write(vectors, new TableWrite(table, new WriteMode.Append(), Batches.Note()))).Rows);

        IEnumerable<string> expected = Enumerable.Range(0, 25_000).Select(i =>
        {
            int c = i % codes;
            return $"{i} | [{string.Join(", ", new[] { c * 0.1f * 3, -c * 3f, 1f / (c + 1) * 3 }.Select(Bits))}]";
        });
        Assert.Equal(expected.Order(StringComparer.Ordinal), engine.SortedRows(engine.ReadTable("vectors")));
        Field stored = engine.Tables.State("vectors")!.Schema.GetFieldByName("embedding");
        Assert.False(((ListType)stored.DataType).ValueField.IsNullable);
    }

    [Fact]
    public void Each_part_is_a_run_of_its_own_beside_its_rows_of_the_other_relation()
    {
        // Part 1 has no rows of the other relation, part 2 no rows, part 4 neither; of part 0 both span Arrow batches of Spark's (10,000).
        const int n = 25_000;
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation rows = Numbered(engine, [.. Enumerable.Range(0, n).Select(i => new long?[] { i % 10 == 1 ? 1 : i % 10 == 3 ? 3 : 0, i * 7919L % n })]);
        IRelation other = Numbered(engine, [[2, 5], [3, 100], [3, null], .. Enumerable.Range(0, n).Select(i => new long?[] { 0, i })]);
        string Expected(int part, Func<int, bool> own, long sum) =>
            $"{part} | {sum} | {Enumerable.Range(0, n).Count(i => own(i % 10))} | True";
        IRelation parts = engine.MapParts(
            rows, PartsKernel.Call, PartitionShape.ByPart("part", 5, "x"), ("others", other));
        Assert.Equal(
            [Expected(0, d => d is not 1 and not 3, (long)n * (n - 1) / 2), Expected(1, d => d == 1, 0), Expected(3, d => d == 3, 100)],
            engine.SortedRows(parts));
    }

    [Fact]
    public void Map_over_no_rows_gives_none()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation runs = engine.Map(Batches.Longs(engine, ["k", "t"]), RunsKernel.Call, PartitionShape.ByKey("k", "t"));
        Assert.Empty(engine.Rows(runs));
    }

    [Fact]
    public void Kernels_own_failure_keeps_kind_code_and_message()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation rows = Batches.Longs(engine, ["x"], [[1]]);
        OneRecException thrown = Assert.Throws<OneRecException>(
            () => engine.Rows(engine.Map(rows, FaultKernel.Call("input"), PartitionShape.Any)));
        Assert.Equal(
            (ErrorKind.Input, "input.vector", "item 7 'é✓': a vector of 3 floats where 4 are due"),
            (thrown.Kind, thrown.Code, thrown.Message));
    }

    [Fact]
    public void Failure_in_a_write_leaves_no_table_and_keeps_kind_and_code()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation failing = engine.Map(Batches.Longs(engine, ["x"], [[1]]), FaultKernel.Call("input"), PartitionShape.Any);
        OneRecException thrown = Assert.Throws<OneRecException>(() => engine.Write(
            failing,
            new TableWrite(new TableDefinition("never", FaultKernel.Output, []), new WriteMode.Append(), Batches.Note())));
        Assert.Equal("input.vector", thrown.Code);
        Assert.Null(engine.Tables.State("never"));
    }

    [Fact]
    public void Null_list_element_is_refused_before_it_reaches_a_table()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        IRelation rows = Batches.Longs(engine, ["x"], [[1]]);
        OneRecException thrown = Assert.Throws<OneRecException>(
            () => engine.Rows(engine.Map(rows, FaultKernel.Call("null-element"), PartitionShape.Any)));
        Assert.Equal("kernel test-fault gave a null list element in column 1 'v'", thrown.Message);
    }

    private static IRelation Numbered(IEngine engine, long?[][] rows) => engine.Sql(
        new SqlScript("SELECT CAST(p AS INT) AS part, x FROM r"), ("r", Batches.Longs(engine, ["p", "x"], rows)));

    private static string Bits(float value) =>
        "f" + BitConverter.SingleToInt32Bits(value).ToString("x8", CultureInfo.InvariantCulture);
}

public sealed class MapOnLocalTests() : MapTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class MapOnSpark35Tests(Spark35Desk desk) : MapTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class MapOnSpark40Tests(Spark40Desk desk) : MapTests(desk);
