using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Engines.Tests.Desks;
using OneRec.Pipeline.Queries;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Tables as they were, in the user's SQL, on either engine.</summary>
public abstract class VersionedSqlTests(EngineDesk desk)
{
    [Fact]
    public void Versions_and_times_are_those_of_the_log()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder["tables"]);
        var times = new List<DateTimeOffset>();
        for (int i = 1; i <= 3; i++)
        {
            TableDefinition table = OneRecTables.Published();
            object?[] row = [(long)i, $"c{i}", "m", DateTimeOffset.UnixEpoch, $"r{i}"];
            engine.Write(
                engine.FromRows(table.Schema, [RowReader.Build(table.Schema, [row])]), new TableWrite(table, new WriteMode.Append(), new CommitNote("publish", "r", "f")));

            // Commits tell milliseconds.
            Thread.Sleep(20);
            times.Add(TimeProvider.System.GetUtcNow());
            Thread.Sleep(20);
        }

        Assert.Equal(["1"], Rows("SELECT count(*) FROM published@0"));
        Assert.Equal(["2 | 3"], Rows("SELECT (SELECT count(*) FROM published@1), (SELECT count(*) FROM published)"));
        Assert.Equal(["3"], Rows("SELECT new.generation FROM published AS new LEFT JOIN published@1 AS old ON old.generation = new.generation WHERE old.generation IS NULL"));
        Assert.Equal(["1 | 2 | 3"], Rows($"SELECT (SELECT count(*) FROM {At(0)}), (SELECT count(*) FROM {At(1)}), (SELECT count(*) FROM {At(2)})"));
        Assert.Contains("no version as old as that", Refused("SELECT * FROM published@'2001-01-01'").Message, StringComparison.Ordinal);
        Assert.Equal(ErrorKind.Table, Refused("SELECT * FROM published@17").Kind);

        string At(int commit) => $"published@'{times[commit]:yyyy-MM-ddTHH:mm:ss.fffZ}'";

        List<string> Rows(string sql)
        {
            QueryResult result = SqlQuery.Run(engine, ["published"], sql);
            return [.. RowReader.Read(result.Batches).Select(r => string.Join(" | ", r))];
        }

        OneRecException Refused(string sql) => Assert.Throws<OneRecException>(() => Rows(sql));
    }
}

public sealed class VersionedSqlOnLocalTests() : VersionedSqlTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class VersionedSqlOnSpark35Tests(Spark35Desk desk) : VersionedSqlTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class VersionedSqlOnSpark40Tests(Spark40Desk desk) : VersionedSqlTests(desk);
