using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Commits, versions, conflicts and notes: what a step may rely on, whichever engine runs.</summary>
public abstract class TableTests(EngineDesk desk)
{
    private static readonly TableDefinition Plain = Batches.Table("plain", [], ("x", Int64Type.Default));
    private static readonly TableDefinition ByRun =
        Batches.Table("by_run", [], ("run_id", StringType.Default), ("step", StringType.Default), ("v", StringType.Default));

    private static readonly TableDefinition ByBook = Batches.Table("by_book", ["book"], ("v", StringType.Default), ("book", StringType.Default));

    [Fact]
    public void Append_and_overwrite_make_one_version_each_and_old_versions_stay()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        Assert.Null(engine.Tables.State("plain"));
        Assert.Null(engine.Tables.NewestCommit("plain", "test"));
        Assert.Equal(new WriteResult.Committed(0, 2), engine.Write(Longs(engine, 1, 2), new TableWrite(Plain, new WriteMode.Append(), Batches.Note())));
        Assert.Equal(new WriteResult.Committed(1, 1), engine.Write(Longs(engine, 3), new TableWrite(Plain, new WriteMode.Append(), Batches.Note())));
        Assert.Equal(new WriteResult.Committed(2, 1), engine.Write(Longs(engine, 9), new TableWrite(Plain, new WriteMode.Overwrite(), Batches.Note())));
        Assert.Equal(["9"], engine.SortedRows(engine.ReadTable("plain")));
        Assert.Equal(["1", "2", "3"], engine.SortedRows(engine.ReadTable("plain", 1)));
        Assert.Equal(["1", "2"], engine.SortedRows(engine.ReadTable("plain", 0)));
        TableState state = engine.Tables.State("plain")!;
        Assert.Equal((2, 2), (state.Version, state.DataVersion));
        Assert.Equal("x", Assert.Single(state.Schema.FieldsList).Name);
    }

    [Fact]
    public void Append_of_no_rows_is_a_commit_that_changes_no_data()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        engine.Write(Longs(engine, 1), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        WriteResult written = engine.Write(Longs(engine), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        Assert.Equal(new WriteResult.Committed(1, 0), written);
        Assert.Equal(["1"], engine.SortedRows(engine.ReadTable("plain")));
    }

    [Fact]
    public void Write_with_an_id_lands_once_whichever_version_it_was_computed_from()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        Assert.Empty(engine.Tables.DoneOnce("plain"));
        var first = new TableWrite(Plain, new WriteMode.Append(), Batches.Note()) { Once = "onerec/a/1" };
        Assert.Equal(new WriteResult.Committed(0, 1), engine.Write(Longs(engine, 1), first));
        Assert.Equal(new WriteResult.AlreadyDone(0), engine.Write(Longs(engine, 1), first));
        Assert.Equal(new WriteResult.Committed(1, 0), engine.Write(Longs(engine), first with { Once = "onerec/a/empty" }));
        Assert.Equal(new WriteResult.AlreadyDone(1), engine.Write(Longs(engine, 1), first with { ReadVersion = 0 }));
        for (int n = 2; n < 14; n++)
        {
            // Past a checkpoint, which holds the ids too.
            Assert.IsType<WriteResult.Committed>(engine.Write(Longs(engine, n), first with { Once = $"onerec/a/{n}" }));
        }

        Assert.Equal(14, engine.Tables.DoneOnce("plain").Count);
        Assert.Contains("onerec/a/empty", engine.Tables.DoneOnce("plain"));
        Assert.Equal(13, engine.SortedRows(engine.ReadTable("plain")).Count);
    }

    [Fact]
    public void Rewrite_removes_rows_by_key_adds_others_and_leaves_files_without_such_rows_alone()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        string[][] rows = [["r1", "a", "1"], ["r1", "b", "2"], ["r2", "a", "3"]];
        foreach (string[] row in rows)
        {
            engine.Write(Texts(engine, ByRun, row), new TableWrite(ByRun, new WriteMode.Append(), Batches.Note()));
        }

        IRelation keys = Batches.Texts(engine, ["run_id", "step"], ["r1", "b"], ["r9", "a"]);
        WriteResult written = engine.Write(
            Texts(engine, ByRun, ["r1", "b", "new"], ["r3", "c", "4"]),
            new TableWrite(ByRun, new WriteMode.Rewrite(keys), Batches.Note()) { ReadVersion = 2 });
        Assert.Equal(new WriteResult.Committed(3, 2), written);
        Assert.Equal(["'r1' | 'a' | '1'", "'r1' | 'b' | 'new'", "'r2' | 'a' | '3'", "'r3' | 'c' | '4'"], engine.SortedRows(engine.ReadTable("by_run")));
        string commit = File.ReadAllText(Path.Combine(tables.Path, "by_run", "_delta_log", $"{3:D20}.json"));
        Assert.Equal(1, commit.Split("{\"remove\":").Length - 1);

        // Nothing to remove: an append. Nothing to add: a deletion; of all rows too. And on a table that is not there.
        var none = new WriteMode.Rewrite(Batches.Texts(engine, ["v"], ["none"]));
        engine.Write(Texts(engine, ByRun, ["r4", "d", "5"]), new TableWrite(ByRun, none, Batches.Note()) { ReadVersion = 3 });
        IRelation all = Batches.Texts(engine, ["v"], ["1"], ["new"], ["3"], ["4"], ["5"]);
        Assert.Equal(
            new WriteResult.Committed(5, 0),
            engine.Write(Texts(engine, ByRun), new TableWrite(ByRun, new WriteMode.Rewrite(all), Batches.Note()) { ReadVersion = 4 }));
        Assert.Empty(engine.SortedRows(engine.ReadTable("by_run")));
        TableDefinition made = ByRun with { Name = "made" };
        Assert.Equal(
            new WriteResult.Committed(0, 1), engine.Write(Texts(engine, made, ["r", "s", "t"]), new TableWrite(made, new WriteMode.Rewrite(keys), Batches.Note())));
        Assert.Equal(
            new WriteResult.Conflict(5), engine.Write(Texts(engine, ByRun), new TableWrite(ByRun, new WriteMode.Rewrite(all), Batches.Note()) { ReadVersion = 4 }));
    }

    [Fact]
    public void Rewrite_by_partition_and_key_keeps_the_other_partition()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        engine.Write(Texts(engine, ByBook, ["x", "one"], ["y", "one"], ["x", "two"]), new TableWrite(ByBook, new WriteMode.Append(), Batches.Note()));
        IRelation keys = Batches.Texts(engine, ["book", "v"], ["one", "x"]);
        engine.Write(Texts(engine, ByBook, ["z", "two"]), new TableWrite(ByBook, new WriteMode.Rewrite(keys), Batches.Note()) { ReadVersion = 0 });
        Assert.Equal(["'x' | 'two'", "'y' | 'one'", "'z' | 'two'"], engine.SortedRows(engine.ReadTable("by_book")));
    }

    [Fact]
    public void Table_of_a_folder_is_listed_until_it_is_dropped_and_can_be_made_again()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        TableDefinition staged = Plain with { Name = "_staging/ab12" };
        Assert.Empty(engine.Upkeep.TablesIn("_staging"));
        engine.Upkeep.Drop(staged.Name);
        engine.Write(Longs(engine, 1), new TableWrite(staged, new WriteMode.Append(), Batches.Note()));
        engine.Write(Longs(engine, 1), new TableWrite(staged with { Name = "_staging/cd34" }, new WriteMode.Append(), Batches.Note()));
        Assert.Equal(["_staging/ab12", "_staging/cd34"], engine.Upkeep.TablesIn("_staging"));
        Assert.False(engine.Upkeep.ChangedBefore(staged.Name, TimeProvider.System.GetUtcNow().AddHours(-1)));
        Assert.True(engine.Upkeep.ChangedBefore(staged.Name, TimeProvider.System.GetUtcNow().AddHours(1)));
        engine.Upkeep.Drop(staged.Name);
        Assert.Equal(["_staging/cd34"], engine.Upkeep.TablesIn("_staging"));
        Assert.Null(engine.Tables.State(staged.Name));
        Assert.Equal(new WriteResult.Committed(0, 1), engine.Write(Longs(engine, 2), new TableWrite(staged, new WriteMode.Append(), Batches.Note())));
        Assert.Equal(["2"], engine.SortedRows(engine.ReadTable(staged.Name)));
    }

    [Fact]
    public void Newest_commit_of_a_step_carries_its_note()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        engine.Write(Longs(engine, 1), new TableWrite(Plain, new WriteMode.Append(), Batches.Note("a", "f'\"\\é")));
        engine.Write(Longs(engine, 2), new TableWrite(Plain, new WriteMode.Append(), Batches.Note("b")));
        Assert.Equal(new NotedCommit(0, Batches.Note("a", "f'\"\\é")), engine.Tables.NewestCommit("plain", "a"));
        Assert.Equal(new NotedCommit(1, Batches.Note("b")), engine.Tables.NewestCommit("plain", "b"));
        Assert.Null(engine.Tables.NewestCommit("plain", "c"));
    }

    [Fact]
    public void Write_from_an_older_version_is_a_conflict_and_changes_nothing()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        engine.Write(Longs(engine, 1), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        engine.Write(Longs(engine, 2), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        foreach (WriteMode mode in new WriteMode[] { new WriteMode.Append(), new WriteMode.Overwrite() })
        {
            Assert.Equal(
                new WriteResult.Conflict(1),
                engine.Write(Longs(engine, 3), new TableWrite(Plain, mode, Batches.Note()) { ReadVersion = 0 }));
        }

        Assert.Equal(["1", "2"], engine.SortedRows(engine.ReadTable("plain")));
        Assert.Equal(
            new WriteResult.Committed(2, 1),
            engine.Write(Longs(engine, 3), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()) { ReadVersion = 1 }));
    }

    [Fact]
    public void Replace_by_partition_keeps_the_other_partitions()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        const string odd = "b'o\\o k=1/é";
        engine.Write(Texts(engine, ByBook, ["1", "a"], ["2", "a"], ["3", odd]), new TableWrite(ByBook, new WriteMode.Append(), Batches.Note()));
        WriteResult written = engine.Write(
            Texts(engine, ByBook, ["4", odd], ["5", odd]),
            new TableWrite(ByBook, new WriteMode.Replace(new Dictionary<string, string> { ["book"] = odd }), Batches.Note()));
        Assert.Equal(new WriteResult.Committed(1, 2), written);
        Assert.Equal(
            ["'1' | 'a'", "'2' | 'a'", $"'4' | {RowText.Text(odd)}", $"'5' | {RowText.Text(odd)}"],
            engine.SortedRows(engine.ReadTable("by_book")));
    }

    [Fact]
    public void Replace_by_columns_keeps_every_other_row()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        var replace = new WriteMode.Replace(new Dictionary<string, string> { ["run_id"] = "r1", ["step"] = "swing" });
        Assert.Equal(
            new WriteResult.Committed(0, 5),
            engine.Write(
                Texts(engine, ByRun, ["r1", "swing", "old"], ["r1", "pairs", "p"], ["r2", "swing", "s"], [null, "swing", "n"], ["r1", null, "m"]),
                new TableWrite(ByRun, replace, Batches.Note())));
        Assert.Equal(
            new WriteResult.Committed(1, 1),
            engine.Write(Texts(engine, ByRun, ["r1", "swing", "new"]), new TableWrite(ByRun, replace, Batches.Note())));
        Assert.Equal(
            ["'r1' | 'pairs' | 'p'", "'r1' | 'swing' | 'new'", "'r1' | null | 'm'", "'r2' | 'swing' | 's'", "null | 'swing' | 'n'"],
            engine.SortedRows(engine.ReadTable("by_run")));
    }

    [Fact]
    public void Null_in_a_non_null_column_is_refused()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        var strict = new TableDefinition("strict", new Schema([new Field("x", Int64Type.Default, nullable: false)], null), []);
        Assert.Throws<OneRecException>(() => engine.Write(
            Batches.Longs(engine, ["x"], [1], [null]),
            new TableWrite(strict, new WriteMode.Append(), Batches.Note())));
        Assert.Null(engine.Tables.State("strict"));
    }

    [Fact]
    public void Table_of_other_columns_is_refused_by_name()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        engine.Write(Longs(engine, 1), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        TableDefinition texts = Batches.Table("plain", [], ("x", StringType.Default));
        OneRecException thrown = Assert.Throws<OneRecException>(() => engine.Write(
            Texts(engine, texts, ["a"]),
            new TableWrite(texts, new WriteMode.Append(), Batches.Note())));
        Assert.Equal(ErrorKind.Table, thrown.Kind);
        Assert.Contains("plain", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Rows_are_matched_to_columns_by_name()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        TableDefinition table = Batches.Table("named", [], ("a", Int64Type.Default), ("b", Int64Type.Default));
        engine.Write(
            Batches.Longs(engine, ["b", "a"], [2, 1]),
            new TableWrite(table, new WriteMode.Append(), Batches.Note()));
        Assert.Equal(["1 | 2"], engine.Rows(engine.ReadTable("named")));
    }

    [Fact]
    public void Upkeep_merges_small_files_and_changes_no_row()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        var plan = new UpkeepPlan(TimeSpan.FromDays(7), TimeSpan.FromDays(30), DryRun: false);
        Assert.Null(engine.Upkeep.Maintain("plain", plan, Batches.Note()));
        for (int i = 0; i < 5; i++)
        {
            engine.Write(Longs(engine, i), new TableWrite(Plain, new WriteMode.Append(), Batches.Note()));
        }

        Assert.NotNull(engine.Upkeep.Maintain("plain", plan with { DryRun = true }, Batches.Note()));
        Assert.Equal(4, engine.Tables.State("plain")!.Version);
        UpkeepOutcome done = engine.Upkeep.Maintain("plain", plan, Batches.Note())!;
        Assert.Equal((1, 0), (done.Written, done.DataFiles));
        Assert.InRange(done.Merged, 5, 20);
        Assert.Equal(["0", "1", "2", "3", "4"], engine.SortedRows(engine.ReadTable("plain")));
        TableState state = engine.Tables.State("plain")!;
        Assert.Equal((5, 4), (state.Version, state.DataVersion));
        Assert.False(engine.Tables.OthersChanged("plain", 4));
    }

    private static IRelation Longs(IEngine engine, params long[] values) =>
        Batches.Longs(engine, ["x"], [.. values.Select(v => new long?[] { v })]);

    private static IRelation Texts(IEngine engine, TableDefinition table, params string?[][] rows) =>
        Batches.Texts(engine, [.. table.Schema.FieldsList.Select(f => f.Name)], rows);
}

public sealed class TablesOnLocalTests() : TableTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class TablesOnSpark35Tests(Spark35Desk desk) : TableTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class TablesOnSpark40Tests(Spark40Desk desk) : TableTests(desk);
