using System.Globalization;
using System.Text;
using CsCheck;
using OneRec.Cli;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Files;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>Compares CSV and types with a simple, independent implementation of the same rules.</summary>
public sealed class CsvPropertyTests : IDisposable
{
    private static readonly Gen<string?> Value = Gen.OneOf(
        Gen.Const((string?)null),
        Gen.Char["ab,\"\n\r é\u20AC;0"].Array[0, 6].Select(c => (string?)new string(c)),
        Gen.Long.Select(n => (string?)n.ToString(CultureInfo.InvariantCulture)));

    private readonly StepBench _bench = new();

    [Fact]
    public void Engine_reads_what_was_written()
    {
        using var engine = new LocalBench(_bench["tables"]);
        int n = 0;
        Gen.Select(Value.Array[2].Array[0, 12], Gen.Bool, Gen.Bool, Gen.Bool, Gen.Bool).Sample(
            (rows, crlf, quoteAll, mark, ended) =>
            {
                string text = Write([["x", "y"], .. rows], crlf ? "\r\n" : "\n", quoteAll, ended);
                string file = _bench[$"p{n++}.csv"];
                File.WriteAllText(file, text, new UTF8Encoding(mark));
                (string?, string?)[] expected = [.. rows.Select(r => (Null(r[0]), Null(r[1])))];
                Assert.Equal(SimpleCsv(text).Skip(1).Select(r => (Null(r[0]), Null(r[1]))), expected);
                Assert.Equal(
                    expected.Order(), Read(engine.Engine, file).Select(r => ((string?)r[0], (string?)r[1])).Order());
            },
            threads: 1);
    }

    [Fact]
    public void Types_match_a_simple_implementation()
    {
        Gen<string> text = Gen.OneOf(
            Gen.Long.Select(l => l.ToString(CultureInfo.InvariantCulture)),
            Gen.Double.Select(d => d.ToString("R", CultureInfo.InvariantCulture)),
            Gen.Char["0123456789+-.eE "].Array[1, 5].Select(c => new string(c)),
            Gen.Const("007"), Gen.Const("9223372036854775808"), Gen.Const("-0"), Gen.Const("-9223372036854775808"));
        text.Array[1, 4].Sample(
            values =>
            {
                string file = _bench["t.csv"];
                File.WriteAllText(file, "x\n" + string.Concat(values.Select(v => $"\"{v}\"\n")));
                var source = CsvSource.Open(InputFiles.Open(LocalInputs.Instance, "input.items", file), false, new Dictionary<string, ColumnType>());
                ColumnType expected = values.All(IsWhole) ? ColumnType.BigInt : values.All(IsNumber) ? ColumnType.Double : ColumnType.Text;
                Assert.Equal(expected, source.TypeOf("x"));
            },
            threads: 1);
    }

    public void Dispose() => _bench.Dispose();

    private static List<object?[]> Read(IEngine engine, string file)
    {
        var source = CsvSource.Open(InputFiles.Open(LocalInputs.Instance, "input.items", file), true, new Dictionary<string, ColumnType>());
        SourceRead read = source.Begin([]);
        var sql = new SqlWriter("w");
        SqlFragment list = sql.Fragment($"SELECT {read.AsIs(sql, "x")}, {read.AsIs(sql, "y")} FROM source");
        using IMaterializedRelation kept = read.Materialize(engine, rows => engine.Sql(new SqlScript(list.Text, list.Arguments), ("source", rows)));
        return RowReader.Read(engine.Collect(kept));
    }

    private static string? Null(string? value) => value is null or "" ? null : value;

    // Independent of the patterns in the code: an integer prints as itself.
    private static bool IsWhole(string text) => text == "-0"
        || (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long n)
            && n.ToString(CultureInfo.InvariantCulture) == text);

    private static bool IsNumber(string text)
    {
        string digits = text.TrimStart('+', '-');
        bool leadingZero = digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1]);
        int exponent = digits.IndexOfAny(['e', 'E']);
        bool longExponent = exponent >= 0 && digits[(exponent + 1)..].TrimStart('+', '-').Length > 3;
        return !leadingZero && !longExponent && text.Length - digits.Length <= 1
            && digits.Length > 0 && char.IsAsciiDigit(digits[0])
            && (exponent < 0 ? char.IsAsciiDigit(digits[^1]) : exponent > 0 && char.IsAsciiDigit(digits[exponent - 1]))
            && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
            && double.IsFinite(value) && !text.Contains(' ', StringComparison.Ordinal);
    }

    private static string Write(string?[][] rows, string line, bool quoteAll, bool ended)
    {
        string text = string.Join(line, rows.Select(r => string.Join(',', r.Select(v =>
            v is not null && (quoteAll || v.AsSpan().IndexOfAny(",\"\r\n") >= 0) ? $"\"{v.Replace("\"", "\"\"", StringComparison.Ordinal)}\"" : v))));
        return ended ? text + line : text;
    }

    /// <summary>RFC 4180, by a loop over characters with one flag.</summary>
    private static List<List<string>> SimpleCsv(string text)
    {
        var rows = new List<List<string>>();
        var row = new List<string>();
        var field = new StringBuilder();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            if (quoted && text[i] == '"' && i + 1 < text.Length && text[i + 1] == '"')
            {
                field.Append('"');
                i++;
            }
            else if (text[i] == '"')
            {
                quoted = !quoted;
            }
            else if (!quoted && text[i] == ',')
            {
                row.Add(field.ToString());
                field.Clear();
            }
            else if (!quoted && (text[i] == '\n' || (text[i] == '\r' && i + 1 < text.Length && text[i + 1] == '\n')))
            {
                i += text[i] == '\r' ? 1 : 0;
                End();
            }
            else
            {
                field.Append(text[i]);
            }
        }

        if (field.Length > 0 || row.Count > 0)
        {
            End();
        }

        return rows;

        void End()
        {
            row.Add(field.ToString());
            field.Clear();
            rows.Add(row);
            row = [];
        }
    }

    private sealed class LocalBench : IDisposable
    {
        public LocalBench(string tables) => Engine = EngineFactory.Create(
            "local", new Pipeline.Configuration.OneRecOptions { Tables = tables }, TimeProvider.System, CancellationToken.None);

        public IEngine Engine { get; }

        public void Dispose() => Engine.Dispose();
    }
}
