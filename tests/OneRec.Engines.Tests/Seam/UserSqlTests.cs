using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>SQL that the user wrote reads the relations it was given and nothing else, on either engine.</summary>
public abstract class UserSqlTests(EngineDesk desk)
{
    /// <summary>Attacks that each engine's SELECT refuses; {0} is a folder with <c>secret.csv</c> and <c>secret.parquet</c>.</summary>
    public static TheoryData<string> Selects =>
    [
        "SELECT 1) ; COPY (SELECT 'x') TO '{0}/out' (HEADER false); SELECT * FROM (SELECT 1",
        "SELECT 1; SELECT 2",
        "SELECT 1) UNION (SELECT 2",
        "SELECT * FROM '{0}/secret.csv'",
        "SELECT * FROM \"{0}/secret.parquet\"",
        "SELECT * FROM csv.`{0}/secret.csv`",
        "SELECT * FROM parquet.`{0}/secret.parquet`",
        "SELECT x FROM a WHERE x IN (SELECT line FROM text.`{0}/secret.csv`)",
        "SELECT (SELECT max(content) FROM read_text('{0}/secret.csv'))",
        "SELECT * FROM read_text('/etc/passwd')",
        "SELECT * FROM read_blob('/etc/passwd')",
        "SELECT * FROM read_csv('{0}/secret.csv')",
        "SELECT * FROM read_parquet('{0}/secret.parquet')",
        "SELECT * FROM parquet_metadata('{0}/secret.parquet')",
        "SELECT * FROM parquet_schema('{0}/secret.parquet')",
        "SELECT * FROM sniff_csv('{0}/secret.csv')",
        "SELECT * FROM glob('/etc/*')",
        "SELECT * FROM query('SELECT * FROM read_text(''/etc/passwd'')')",
        "SELECT * FROM query_table('duckdb_settings')",
        "SELECT * FROM duckdb_secrets()",
        "SELECT * FROM duckdb_settings()",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM pg_catalog.pg_tables",
        "SELECT * FROM memory.main.a",
        "SELECT getenv('HOME')",
        "SELECT current_setting('temp_directory')",
        "SELECT json_serialize_plan('SELECT * FROM read_csv(''{0}/secret.csv'')')",
        "SELECT reflect('java.lang.System', 'getProperty', 'user.home')",
        "SELECT java_method('java.lang.System', 'getenv')",
        "SELECT x FROM a WHERE reflect('java.lang.System', 'getProperty', 'user.home') IS NULL",
        "SELECT sum(x) OVER w FROM a WINDOW w AS (PARTITION BY reflect('java.lang.System', 'getenv', 'HOME'))",
        "SELECT TRANSFORM(x) USING 'cat' AS (y) FROM a",
        "SELECT * FROM IDENTIFIER('csv.`{0}/secret.csv`')",
        "WITH \"{0}/secret.csv\" AS (SELECT * FROM \"{0}/secret.csv\") SELECT * FROM \"{0}/secret.csv\"",
        "SELECT * FROM (WITH duckdb_tables AS (SELECT 1) SELECT 1) AS q, duckdb_tables",
        "COPY (SELECT 1) TO '{0}/out'",
        "COPY a TO '{0}/out'",
        "EXPORT DATABASE '{0}/out'",
        "ATTACH '{0}/out' AS o",
        "INSTALL httpfs",
        "LOAD '{0}/out'",
        "PRAGMA version",
        "CALL pragma_version()",
        "SET enable_external_access = true",
        "SET spark.sql.variable.substitute = true",
        "CREATE TABLE b AS SELECT 1",
        "CREATE VIEW b AS SELECT 1",
        "DROP TABLE a",
        "INSERT INTO a VALUES (1)",
        "FROM a INSERT INTO b SELECT *",
        "DELETE FROM a",
        "INSERT OVERWRITE DIRECTORY '{0}/out' USING csv SELECT 1",
        "EXPLAIN ANALYZE SELECT 1",
        "SHOW TABLES",
        "BEGIN TRANSACTION",
        "CHECKPOINT",
        "VACUUM",
        "ADD JAR '{0}/out'",
        "SELECT ?",
        "SELECT 1\0) TO 'x'",
        "",
        "-- nothing",
    ];

    /// <summary>Attacks that either engine refuses as an expression.</summary>
    public static TheoryData<string> Expressions =>
    [
        "1) OR (1 = 1",
        "1 FROM a",
        "1, 2",
        "1 AS y",
        "x = 1; DROP TABLE a",
        "x IN (SELECT x FROM a)",
        "x IN (SELECT x FROM csv.`{0}/secret.csv`)",
        "EXISTS (SELECT * FROM '{0}/secret.csv')",
        "EXISTS (SELECT * FROM read_text('{0}/secret.csv'))",
        "EXISTS (FROM glob('/etc/*'))",
        "x = (SELECT count(*) FROM duckdb_settings())",
        "getenv('HOME') = 'x'",
        "current_setting('temp_directory') = 'x'",
        "reflect('java.lang.System', 'getProperty', 'user.home') = 'x'",
        "java_method('java.lang.System', 'getenv', 'HOME') = 'x'",
        "nextval('s') = 1",
        "x = ?",
    ];

    [Theory]
    [MemberData(nameof(Selects))]
    public void A_select_that_is_more_than_a_query_over_the_given_relations_is_refused(string attack)
    {
        using var folder = new ScratchFolder();
        Refused(folder, new SqlScript("{{select}}").With("select", new SqlArgument.UserSelect(Filled(attack, folder))));
    }

    [Theory]
    [MemberData(nameof(Expressions))]
    public void An_expression_that_is_more_than_one_over_columns_is_refused(string attack)
    {
        using var folder = new ScratchFolder();
        Refused(folder, new SqlScript("SELECT x FROM a WHERE ({{where}}\n)").With("where", new SqlArgument.UserExpression(Filled(attack, folder))));
    }

    [Theory]
    [InlineData("SELECT x FROM a ORDER BY x DESC LIMIT 2", "3,2")]
    [InlineData("SELECT x FROM A WHERE x IN (SELECT max(x) FROM a)", "3")]
    [InlineData("WITH b AS (SELECT x + 1 AS y FROM a), c AS (SELECT y FROM b) SELECT y FROM c WHERE y > 3", "4")]
    [InlineData("SELECT DISTINCT CAST(1 AS BIGINT) AS one FROM a", "1")]
    [InlineData("SELECT x FROM a UNION ALL SELECT x FROM a WHERE x = 1 ORDER BY x LIMIT 2 -- twice", "1,1")]
    [InlineData("SELECT p.x FROM a AS p JOIN a AS q ON p.x = q.x + 2", "3")]
    [InlineData("SELECT x FROM (SELECT x, row_number() OVER (ORDER BY x) AS n FROM a) AS t WHERE n = 2", "2")]
    [InlineData("SELECT count(*) AS n FROM a GROUP BY x > 1 HAVING count(*) > 1", "2")]
    [InlineData("SELECT CASE WHEN x BETWEEN 2 AND 2 THEN x ELSE CAST(0 AS BIGINT) END AS y FROM a WHERE x < 3 ORDER BY 1", "0,2")]
    public void A_query_over_them_runs(string select, string rows)
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder.Path);

        IRelation result = engine.Sql(
            new SqlScript("{{select}}").With("select", new SqlArgument.UserSelect(select)), ("a", Numbers(engine)));

        Assert.Equal(rows, string.Join(',', engine.Rows(result)));
    }

    [Theory]
    [InlineData("x > 1 AND NOT x = 2 -- but not two", "3")]
    [InlineData("x IN (1, 2)", "1,2")]
    [InlineData("x = (SELECT 2)", "2")]
    [InlineData("CASE WHEN x = 1 THEN true END", "1")]
    [InlineData("CAST(x AS STRING) LIKE '%3'", "3")]
    public void An_expression_over_the_columns_runs(string where, string rows)
    {
        using var folder = new ScratchFolder();
        using IEngine engine = desk.Open(folder.Path);

        IRelation result = engine.Sql(
            new SqlScript("SELECT x FROM a WHERE ({{where}}\n)").With("where", new SqlArgument.UserExpression(where)), ("a", Numbers(engine)));

        Assert.Equal(rows, string.Join(',', engine.SortedRows(result)));
    }

    private static IRelation Numbers(IEngine engine) => Batches.Longs(engine, ["x"], [[1], [2], [3]]);

    private static string Filled(string attack, ScratchFolder folder) => attack.Replace("{0}", folder.Path, StringComparison.Ordinal);

    private void Refused(ScratchFolder folder, SqlScript script)
    {
        File.WriteAllText(folder["secret.csv"], "line\nsecret\n");
        File.WriteAllText(folder["secret.parquet"], "not read");
        using IEngine engine = desk.Open(folder["tables"]);

        OneRecException thrown = Assert.Throws<OneRecException>(() => engine.Sql(script, ("a", Numbers(engine))));

        Assert.Contains(thrown.Code, new[] { "sql.invalid", "spark.sql" });
        Assert.DoesNotContain('\n', thrown.Message);
        Assert.False(Path.Exists(folder["out"]));
    }
}

public sealed class UserSqlOnLocalTests() : UserSqlTests(new LocalDesk())
{
    /// <summary>A new release of DuckDB with a new function of these kinds fails here, so that someone decides about it.</summary>
    [Fact]
    public void Every_function_with_a_side_effect_is_refused_or_known_as_harmless()
    {
        using var folder = new ScratchFolder();
        using IEngine engine = new LocalDesk().Open(folder.Path);
        string[] harmless = ["error", "gen_random_uuid", "random", "stats", "uuid", "uuidv4", "uuidv7"];

        IEnumerable<string> functions = engine.Rows(engine.Sql(new SqlScript(
                "SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'scalar' AND stability = 'VOLATILE'")))
            .Select(name => name.Trim('\''));

        Assert.Empty(functions.Except(harmless).Except(OneRec.Engine.Local.DuckDb.UserSqlCheck.RefusedFunctions, StringComparer.OrdinalIgnoreCase));
    }
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class UserSqlOnSpark35Tests(Spark35Desk desk) : UserSqlTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class UserSqlOnSpark40Tests(Spark40Desk desk) : UserSqlTests(desk);
