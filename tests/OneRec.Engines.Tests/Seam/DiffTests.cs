using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Queries.Diff;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>What diff tells on either engine, of tables that were written by hand: ids of any script, twins, a shorter codebook, damage.</summary>
public abstract class DiffTests(EngineDesk desk)
{
    private const string First = "00000000000000aa";
    private const string Second = "00000000000000bb";
    private static readonly string[] Items = ["映画", "ёж", "a'b", "a\"b", "line\nbreak", "𝄞", "", "-", "ア", "zz"];

    [Fact]
    public void Items_of_any_script_are_told_alike()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        Write(engine, Ids(First, (_, i) => [i % 3, i % 2, 0]), Ids(Second, (item, i) => item == "zz" ? [] : [i % 3, (i / 2) % 2]));
        Publish(engine, 1, First);
        Publish(engine, 2, Second);
        Lineage found = DiffQuery.Run(engine, new DiffRequest(null, null, null, 10), CancellationToken.None);
        Assert.Equal("previous..current: 9 of 9 items moved, 0 new, 1 gone", $"{found.Item}: {found.Headline}");

        // At level 1 three groups of three stay together; at level 2 each of the pairs 0 and 6, 1 and 7, 2 and 8 is split.
        Assert.Equal(
            """{"levels":[{"level":1,"items":9,"moved":0,"moved_share":0,"together_after":1,"together_before":1},{"level":2,"items":9,"moved":4,"moved_share":0.4444444444444444,"together_after":0,"together_before":0}]}""",
            $$"""{"levels":{{Json(found, "levels", "levels")}}}""");
        Assert.Equal(
            """[{"prefix":"0","before":4,"after":3,"stayed":3,"departed":0,"gone":1,"arrived":0,"new":0,"to":[{"prefix":"0","items":3}],"from":[{"prefix":"0","items":3}]}]""",
            Json(found, "prefixes", "changed"));
        string[] changed = Rows(new DiffRequest(null, null, "0", 10));
        Assert.Equal(["-|moved|1-1-0|1|1-1|0|2|", "zz|gone|0-1-0|1||||"], [.. Rows(new DiffRequest(null, null, null, 10)).Where(r => r[0] is '-' or 'z')]);
        Assert.Equal(4, changed.Length);

        string[] Rows(DiffRequest request) => [.. RowReader.Read(DiffQuery.Items(engine, request, CancellationToken.None).Batches).Select(r => string.Join('|', r))];
    }

    [Fact]
    public void Broken_IDs_are_refused_not_counted()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        List<object?[]> ids = Ids(First, (_, i) => [i % 3, 1]);
        Write(engine, ids, [.. Ids(Second, (_, i) => [i]), ids[0].Select((v, c) => c == 11 ? Second : v).ToArray()]);
        OneRecException twice = Refused(Second, First);
        Assert.Equal((ErrorKind.Table, "diff.ids"), (twice.Kind, twice.Code));
        Assert.Contains("1 IDs are of items that have another one; run 'onerec verify'", twice.Message, StringComparison.Ordinal);
        Write(engine, Ids("00000000000000cc", (_, i) => i == 0 ? [1] : [1, 2]), []);
        Assert.Contains("its IDs have from 1 to 2 codes", Refused(First, "00000000000000cc").Message, StringComparison.Ordinal);
        OneRecException none = Refused(First, "00000000000000dd");
        Assert.EndsWith($"codebooks with IDs there: {Second}, {First}, 00000000000000cc", none.Message, StringComparison.Ordinal);

        OneRecException Refused(string from, string to) =>
            Assert.Throws<OneRecException>(() => DiffQuery.Run(engine, new DiffRequest(from, to, null, 10), CancellationToken.None));
    }

    [Fact]
    public void A_codebook_that_was_removed_is_found_at_a_version_before()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        Write(engine, Ids(First, (_, i) => [i % 3, 1]), Ids(Second, (_, i) => [i]));
        Remove(engine, First);
        Remove(engine, "00000000000000cc");
        OneRecException gone = Assert.Throws<OneRecException>(() => Run(First));
        Assert.EndsWith($"codebooks with IDs there: {Second}; version 0 has some: {First}@0", gone.Message, StringComparison.Ordinal);
        Assert.Equal("10 of 10 items moved, 0 new, 0 gone", Run($"{First}@0").Headline);

        Lineage Run(string from) => DiffQuery.Run(engine, new DiffRequest(from, Second, null, 10), CancellationToken.None);
    }

    private static void Remove(IEngine engine, string codebook)
    {
        TableDefinition table = OneRecTables.SemanticIds(StringType.Default);
        engine.Write(
            engine.FromRows(table.Schema, []),
            new TableWrite(table, new WriteMode.Replace(new Dictionary<string, string> { ["codebook_id"] = codebook }), new CommitNote("maintain", "r", "f")));
    }

    private static string Json(Lineage found, string section, string name) =>
        found.Sections.Single(s => s.Name == section).Facts.Single(f => f.Name == name).Value!.ToJsonString();

    private static List<object?[]> Ids(string codebook, Func<string, int, int[]> codes)
    {
        var twins = new Dictionary<string, int>();
        var rows = new List<object?[]>();
        foreach ((string item, int place) in Items.Select((item, place) => (item, place)))
        {
            int[] own = codes(item, place);
            if (own.Length > 0)
            {
                string sid = string.Join('-', own);
                int slot = twins.TryGetValue(sid, out int last) ? last + 1 : 0;
                twins[sid] = slot;
                rows.Add([item, own, sid, own[0], slot, own[^1], 0f, "h", DateTimeOffset.UnixEpoch, null, "r", codebook]);
            }
        }

        return rows;
    }

    private static void Write(IEngine engine, List<object?[]> first, List<object?[]> second)
    {
        TableDefinition table = OneRecTables.SemanticIds(StringType.Default);
        engine.Write(engine.FromRows(table.Schema, [Batch(table.Schema, [.. first, .. second])]), new TableWrite(table, new WriteMode.Append(), new CommitNote("assign", "r", "f")));
    }

    private static RecordBatch Batch(Schema schema, IReadOnlyList<object?[]> rows)
    {
        var codes = new ListArray.Builder(new Field("element", Int32Type.Default, false));
        foreach (object?[] row in rows)
        {
            codes.Append();
            ((Int32Array.Builder)codes.ValueBuilder).AppendRange((int[])row[1]!);
        }

        const int Place = 1;
        Schema others = new([.. schema.FieldsList.Where((_, c) => c != Place)], null);
        RecordBatch rest = RowReader.Build(others, [.. rows.Select(r => r.Where((_, c) => c != Place).ToArray())]);
        IArrowArray[] columns = [.. rest.Arrays.Take(Place), codes.Build(), .. rest.Arrays.Skip(Place)];
        return new RecordBatch(schema, columns, rows.Count);
    }

    private static void Publish(IEngine engine, long generation, string codebook)
    {
        TableDefinition table = OneRecTables.Published();
        object?[] row = [generation, codebook, "m", DateTimeOffset.UnixEpoch, "r"];
        engine.Write(engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]), new TableWrite(table, new WriteMode.Append(), new CommitNote("publish", "r", "f")));
    }
}

public sealed class DiffOnLocalTests() : DiffTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class DiffOnSpark35Tests(Spark35Desk desk) : DiffTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class DiffOnSpark40Tests(Spark40Desk desk) : DiffTests(desk);
