using System.Text.RegularExpressions;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>The words of <c>tests/cases/dialect.tsv</c> mean the same on every engine.</summary>
public abstract class DialectTests(EngineDesk desk)
{
    private static readonly (string Name, string Pattern)[] Patterns = [("blank", @"\s"), ("number", @"\A-?(0|[1-9][0-9]*)\z")];

    [Fact]
    public void Every_word_gives_its_rows()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        var schema = new Schema([new Field("a", Int64Type.Default, true), new Field("s", StringType.Default, true)], null);
        IRelation t = engine.FromRows(
            schema, [RowReader.Build(schema, [[1L, "é"], [null, "é"], [2L, "\U0001F600"], [3L, null]])]);
        var wrong = new List<string>();
        foreach (DialectWord word in DialectWord.All)
        {
            var script = new SqlScript(word.Sql);
            foreach ((string name, string pattern) in Patterns.Where(p => word.Sql.Contains($"{{{{{p.Name}}}}}", StringComparison.Ordinal)))
            {
                script = script.With(name, pattern);
            }

            string actual = string.Join(" ; ", engine.Rows(engine.Sql(script, ("t", t))));
            if (actual != word.Expected)
            {
                wrong.Add($"{word.Word}: {actual}, not {word.Expected}");
            }
        }

        Assert.True(wrong.Count == 0, string.Join(Environment.NewLine, wrong));
    }
}

/// <summary>The list has what the project's own SQL uses.</summary>
public sealed partial class DialectListTests
{
    // What stands before a bracket without being a function.
    private static readonly HashSet<string> Keywords = new(StringComparer.OrdinalIgnoreCase)
    {
        "AND", "AS", "BY", "EXISTS", "FROM", "IN", "JOIN", "NOT", "ON", "OR", "OVER", "THEN", "WHEN", "WHERE",
    };

    [Fact]
    public void Functions_of_our_scripts_are_on_the_list()
    {
        HashSet<string> known = [.. DialectWord.All.SelectMany(w => Calls(w.Sql)), .. Keywords];
        string[] scripts = Directory.GetFiles(Path.Combine(Desk.Root, "src", "OneRec.Pipeline"), "*.sql", SearchOption.AllDirectories);
        Assert.NotEmpty(scripts);
        Assert.All(scripts.Where(s => !s.EndsWith("macros.sql", StringComparison.Ordinal)), script =>
        {
            string sql = string.Join('\n', File.ReadLines(script).Where(l => !l.TrimStart().StartsWith("--", StringComparison.Ordinal)));
            Assert.Empty(Calls(sql).Where(c => !known.Contains(c)));
        });
    }

    [Fact]
    public void Words_are_listed_once() => Assert.Distinct(DialectWord.All.Select(w => w.Word));

    private static IEnumerable<string> Calls(string sql) => Call().Matches(sql).Select(m => m.Groups[1].Value.ToUpperInvariant());

    [GeneratedRegex(@"\b([A-Za-z_][A-Za-z_0-9]*) ?\(")]
    private static partial Regex Call();
}

/// <summary>A line of <c>tests/cases/dialect.tsv</c>.</summary>
/// <param name="Word">What it is about.</param>
/// <param name="Sql">A SELECT that uses it.</param>
/// <param name="Expected">Its rows.</param>
public sealed record DialectWord(string Word, string Sql, string Expected)
{
    /// <summary>All lines.</summary>
    public static IReadOnlyList<DialectWord> All { get; } =
    [
        .. File.ReadLines(Path.Combine(Desk.Root, "tests", "cases", "dialect.tsv"))
            .Where(l => !l.StartsWith('#'))
            .Select(l => l.Split('\t'))
            .Select(f => new DialectWord(f[0], f[1], f[2])),
    ];
}

public sealed class DialectOnLocalTests() : DialectTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
public sealed class DialectOnSpark35Tests(Spark35Desk desk) : DialectTests(desk);

[Collection(Spark40Desk.Name)]
public sealed class DialectOnSpark40Tests(Spark40Desk desk) : DialectTests(desk);
