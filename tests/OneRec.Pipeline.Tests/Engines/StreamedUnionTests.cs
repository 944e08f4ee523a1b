using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Engine.Local;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Engines;

/// <summary>A streamed UNION ALL of two joins hangs in DuckDB 1.5 (duckdb/duckdb#22215), so it is not streamed.</summary>
public sealed class StreamedUnionTests
{
    private static readonly Schema Numbers = new([new Field("x", Int64Type.Default, false)], null);

    [Fact]
    public async Task A_large_union_of_joins_ends_with_all_its_rows()
    {
        const string Sql =
            """
            SELECT e.x
            FROM e JOIN (SELECT x FROM e GROUP BY x HAVING count(*) <= 2) AS light ON e.x = light.x
            UNION ALL
            SELECT x
            FROM (
              SELECT e.x, row_number() OVER (PARTITION BY e.x ORDER BY e.y) AS place
              FROM e JOIN (SELECT x FROM e GROUP BY x HAVING count(*) > 2) AS heavy ON e.x = heavy.x
            ) AS placed
            WHERE place < 3
            """;
        long[] counts = new long[5_000_000];
        for (long a = 0; a < 3_000; a++)
        {
            for (long b = 0; b < 3_000; b++)
            {
                counts[a * b % counts.Length]++;
            }
        }

        Assert.Equal(counts.Sum(n => Math.Min(n, 2)), await CountOrHang(Sql));
    }

    [Fact]
    public async Task A_large_union_of_scans_is_streamed_to_its_end() => Assert.Equal(
        9_000_000,
        await CountOrHang("SELECT e.x FROM e WHERE e.x < 1000000 UNION ALL SELECT x FROM (SELECT x FROM e WHERE x >= 1000000) AS other"));

    // Not awaited without a limit: the failure is a hang that no signal ends.
    private static async Task<long> CountOrHang(string sql)
    {
        Task<long> rows = Task.Run(() => Count(sql), TestContext.Current.CancellationToken);
        Assert.Same(rows, await Task.WhenAny(rows, Task.Delay(TimeSpan.FromMinutes(4), TestContext.Current.CancellationToken)));
        return await rows;
    }

    private static long Count(string sql)
    {
        using var scratch = new ScratchFolder();
        using var engine = new LocalEngine(
            new LocalSettings(scratch["tables"], 2, 2L << 30), EngineFactory.Kernels(), TimeProvider.System, CancellationToken.None);
        Int64Array numbers = new Int64Array.Builder().AppendRange(Enumerable.Range(0, 3_000).Select(i => (long)i)).Build();
        IRelation side = engine.FromRows(Numbers, [new RecordBatch(Numbers, [numbers], 3_000)]);
        using IMaterializedRelation edges = engine.Materialize(engine.Sql(
            new SqlScript("SELECT (a.x * b.x) % 5000000 AS x, a.x AS y FROM a JOIN b ON a.x >= 0 AND b.x >= 0"), ("a", side), ("b", side)));
        using IMaterializedRelation union = engine.Materialize(engine.Sql(new SqlScript(sql), ("e", edges)));
        return union.Rows;
    }
}
