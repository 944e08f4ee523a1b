using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Columns;
using OneRec.Csv.Types;
using OneRec.Delta;
using OneRec.Engine.Local;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Engine.Tables;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines;

public sealed class LocalEngineTests : IDisposable
{
    private static readonly Schema IdAndText = new(
        [new Field("id", Int64Type.Default, nullable: false), new Field("text", StringType.Default, nullable: true)],
        null);

    private static readonly TableDefinition Quality = OneRecTables.Quality();

    private readonly ScratchFolder _folder = new();
    private readonly LocalEngine _engine;

    public LocalEngineTests() => _engine = Open();

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("\r\n")]
    public void Csv_text_comes_as_it_is_written_and_an_empty_field_is_null(string newLine)
    {
        string[] lines = ["\uFEFFid,title", "1,\"a \"\"b\"\", c\"", "007,\"two", "lines\"", "3,", "4,\"\"", "5,é 🦆 'x'", ""];

        List<object?[]> read = ReadCsv(string.Join(newLine, lines));

        Assert.Equal(
            [["007", "two" + newLine + "lines"], ["1", "a \"b\", c"], ["3", null], ["4", null], ["5", "é 🦆 'x'"]],
            read);
    }

    [Theory]
    [InlineData("id,title\n1,a,b\n2,c\n", 1, "has 3 fields, but the header has 2")]
    [InlineData("id,title\n1,a\n2\n", 2, "has 1 field, but the header has 2")]
    [InlineData("id,title\n1,a\n2,\"unclosed\n3,x\n", 2, "has a quote that is never closed")]
    public void A_bad_record_is_a_row_that_tells_and_never_dropped(string text, long row, string problem)
    {
        List<object?[]> rows = ReadCsv(text, "onerec_row, onerec_problem_0");

        Assert.Equal(text.Count(c => c == '\n') - 1, rows.Count);
        Assert.Equal((row, problem), rows.Where(r => r[1] is not null).Select(r => ((long)r[0]!, (string)r[1]!)).Single());
    }

    [Theory]
    [InlineData("it's")]
    [InlineData("\\ \" ` \n \t $ {{x}} -- ; é🦆")]
    [InlineData("a\0b")]
    public void A_text_argument_reads_back_as_itself(string text)
    {
        IRelation rows = _engine.Sql(new SqlScript("SELECT {{text}} AS t").With("text", text));

        Assert.Equal(text, RowReader.Read(_engine.Collect(rows))[0][0]);
    }

    [Theory]
    [InlineData(0.1)]
    [InlineData(-0.0)]
    [InlineData(double.Epsilon)]
    [InlineData(1.7976931348623157e308)]
    [InlineData(double.NegativeInfinity)]
    public void A_double_argument_reads_back_to_the_same_bits(double value)
    {
        IRelation rows = _engine.Sql(new SqlScript("SELECT {{value}} AS v").With("value", value));

        Assert.Equal(BitConverter.DoubleToInt64Bits(value), BitConverter.DoubleToInt64Bits((double)RowReader.Read(_engine.Collect(rows))[0][0]!));
    }

    [Fact]
    public void A_kernel_sees_rows_sorted_as_asked_and_its_output_is_read_by_sql()
    {
        IRelation rows = _engine.FromRows(IdAndText, [RowReader.Build(IdAndText, [[3L, "b"], [1L, "a"], [2L, null], [1L, null]])]);
        IRelation seen = _engine.Map(rows, new KernelCall("order", [], IdAndText), PartitionShape.ByKey("id", "text"));

        Assert.Equal([[1L, null], [1L, "a"], [2L, null], [3L, "b"]], RowReader.Read(_engine.Collect(seen)));
        IRelation count = _engine.Sql(new SqlScript("SELECT count(*) AS n FROM seen"), ("seen", seen));
        Assert.Equal(4L, RowReader.Read(_engine.Collect(count))[0][0]);
    }

    [Fact]
    public void A_kept_relation_gives_one_part_alone_in_its_order()
    {
        var schema = new Schema([new Field("part", Int32Type.Default, false), new Field("id", Int64Type.Default, false)], null);
        object?[][] all = [.. Enumerable.Range(0, 5000).Select(i => new object?[] { i % 3, (long)((i * 7919) % 5000) })];
        IRelation rows = _engine.FromRows(schema, [RowReader.Build(schema, all)]);

        using IMaterializedRelation kept = _engine.Materialize(rows, new ScratchLayout("part", ["id"]));

        Assert.Equal(5000, kept.Rows);
        IEnumerable<object?[]> wanted = all.Where(r => (int)r[0]! == 1).OrderBy(r => (long)r[1]!);
        Assert.Equal(wanted, RowReader.Read(_engine.Collect(kept.Part(1))));
        Assert.Empty(RowReader.Read(_engine.Collect(kept.Part(7))));
        Assert.Equal(5000L, RowReader.Read(_engine.Collect(_engine.Sql(new SqlScript("SELECT count(*) AS n FROM k"), ("k", kept))))[0][0]);
    }

    [Fact]
    public void Replace_rewrites_only_the_rows_that_match()
    {
        Write([["r1", "c", "a", 0, 1, 1.0], ["r1", "c", "b", 0, 1, 2.0], ["r2", "c", "a", 0, 1, 3.0]], new WriteMode.Append());
        Write([["r1", "c", "a", 0, 1, 9.0]], new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = "r1", ["metric"] = "a" }));

        IRelation sorted = _engine.Sql(
            new SqlScript("SELECT run_id, metric, value FROM q ORDER BY run_id, metric"),
            ("q", _engine.ReadTable("quality")));
        Assert.Equal([["r1", "a", 9.0], ["r1", "b", 2.0], ["r2", "a", 3.0]], RowReader.Read(_engine.Collect(sorted)));
    }

    /// <remarks>By its bounds the file might have rows of r2, as has a large file of runs whose ids are in no order.</remarks>
    [Fact]
    public void Replace_leaves_a_file_without_a_row_that_matches()
    {
        Write([["r1", "c", "a", 0, 1, 1.0], ["r3", "c", "b", 0, 1, 2.0]], new WriteMode.Append());
        string file = Path.GetFileName(Files().Single());
        Write([["r2", "c", "a", 0, 1, 9.0]], new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = "r2", ["metric"] = "a" }));

        Assert.Equal(2, Files().Length);
        Assert.Contains(file, Files().Select(Path.GetFileName));
        Assert.Equal(3, RowReader.Read(_engine.Collect(_engine.ReadTable("quality"))).Count);
        Assert.Equal(2, DeltaTable.At(_folder["tables/quality"]).LatestSnapshot()!.Files.Count);
    }

    [Fact]
    public void Overwrite_leaves_only_the_new_rows_and_the_old_version_can_still_be_read()
    {
        Write([["r1", "c", "a", null, null, 1.0]], new WriteMode.Append());
        Write([["r2", "c", "a", null, null, 2.0]], new WriteMode.Overwrite());

        Assert.Equal("r2", RowReader.Read(_engine.Collect(_engine.ReadTable("quality"))).Single()[0]);
        Assert.Equal("r1", RowReader.Read(_engine.Collect(_engine.ReadTable("quality", 0))).Single()[0]);
        Assert.Equal(1, _engine.Tables.State("quality")!.Version);
    }

    [Fact]
    public void A_write_from_an_old_version_is_a_conflict_and_changes_nothing()
    {
        Write([["r1", "c", "a", null, null, 1.0]], new WriteMode.Append());
        Write([["r2", "c", "a", null, null, 2.0]], new WriteMode.Append());

        WriteResult result = _engine.Write(
            _engine.FromRows(Quality.Schema, [RowReader.Build(Quality.Schema, [["r3", "c", "a", null, null, 3.0]])]),
            new TableWrite(Quality, new WriteMode.Append(), new CommitNote("test", "r3", "f")) { ReadVersion = 0 });

        Assert.Equal(new WriteResult.Conflict(1), result);
        Assert.Equal(2, RowReader.Read(_engine.Collect(_engine.ReadTable("quality"))).Count);
    }

    [Fact]
    public void The_newest_commit_of_a_step_is_found_behind_other_steps_commits()
    {
        Write([["r1", "c", "a", null, null, 1.0]], new WriteMode.Append(), new CommitNote("train", "r1", "f1", Result: "cb"));
        Write([["r1", "c", "b", null, null, 1.0]], new WriteMode.Append(), new CommitNote("evaluate", "r1", "f2"));

        NotedCommit? commit = _engine.Tables.NewestCommit("quality", "train");

        Assert.Equal(new NotedCommit(0, new CommitNote("train", "r1", "f1", Result: "cb")), commit);
        Assert.Null(_engine.Tables.NewestCommit("quality", "embed"));
    }

    [Fact]
    public void A_second_engine_on_the_same_folder_is_told_that_it_is_held()
    {
        OneRecException failure = Assert.Throws<OneRecException>(() => Open());

        Assert.Equal(ErrorKind.Table, failure.Kind);
        Assert.Equal(
            $"{_folder["tables"]} is in use by another run; wait until it ends, or use another tables folder",
            failure.Message);
    }

    private List<object?[]> ReadCsv(string text, string columns = "id, title")
    {
        File.WriteAllText(_folder["a.csv"], text);
        var request = new CsvRequest(
            2, MultiLine: true, [new CsvColumn("id", "id", 0, ColumnType.Text), new CsvColumn("title", "title", 1, ColumnType.Text)]);
        IRelation rows = _engine.ReadCsv(new CsvFiles([_folder["a.csv"]], request));
        return RowReader.Read(_engine.Collect(_engine.Sql(new SqlScript($"SELECT {columns} FROM t ORDER BY id"), ("t", rows))));
    }

    private string[] Files() => Directory.GetFiles(_folder["tables/quality"], "*.parquet");

    private LocalEngine Open() => new(
        new LocalSettings(_folder["tables"], 2, 512L << 20),
        new KernelRegistry().Add("order", _ => new PassThrough()),
        TimeProvider.System,
        CancellationToken.None);

    private void Write(object?[][] rows, WriteMode mode, CommitNote? note = null)
    {
        WriteResult result = _engine.Write(
            _engine.FromRows(Quality.Schema, [RowReader.Build(Quality.Schema, rows)]),
            new TableWrite(Quality, mode, note ?? new CommitNote("test", "run", "f")));
        Assert.IsType<WriteResult.Committed>(result);
    }

    private sealed class PassThrough : IBatchKernel
    {
        public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context) =>
            rows.Select(b => new RecordBatch(IdAndText, b.Arrays.Select(SharedColumn.Of), b.Length));
    }
}
