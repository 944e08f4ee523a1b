using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Csv;
using OneRec.Inputs.Options;

namespace OneRec.Inputs.Sources;

/// <summary>Finds the bad rows that SQL counted, in the files' own order, to name the first or to quarantine all.</summary>
/// <param name="engine">The engine that read the source.</param>
/// <param name="source">The files.</param>
/// <param name="check">The columns that were looked at.</param>
internal sealed class BadRowFinder(IQueryEngine engine, InputSource source, RowCheck check)
{
    private const int NamedAmong = 100_000;

    /// <summary>Does with bad rows what <c>input.badRows</c> says: ends with the first, or adds all to a list.</summary>
    /// <param name="rows">Rows with <c>bad</c> and the texts of <see cref="RowCheck"/>.</param>
    /// <param name="count">How many are bad.</param>
    /// <param name="setting">What to do.</param>
    /// <param name="to">Takes them where they are quarantined.</param>
    /// <exception cref="OneRecException">The first bad row; or they are too many to keep (exit 3).</exception>
    public void Settle(IRelation rows, long count, BadRows setting, BadRowList to)
    {
        if (count == 0)
        {
            return;
        }

        if (setting == BadRows.Fail)
        {
            throw First(rows, count);
        }

        AddAll(rows, to);
    }

    /// <summary>The error that names the first bad row: file, row, column and value.</summary>
    /// <param name="rows">Rows with <c>bad</c> and the texts of <see cref="RowCheck"/>.</param>
    /// <param name="count">How many are bad.</param>
    private OneRecException First(IRelation rows, long count)
    {
        BadRow first = Find(Texts(rows, NamedAmong)).First();
        string row = first.Row is { } number ? $"{first.Source}: row {number}" : first.Source;
        return OneRecException.Input(
            "input.bad-row", string.Create(CultureInfo.InvariantCulture, $"{row}: {first.Reason} ({count} bad rows in all)"));
    }

    /// <summary>Adds all bad rows to a list.</summary>
    /// <exception cref="OneRecException">They are too many (exit 3).</exception>
    private void AddAll(IRelation rows, BadRowList to)
    {
        foreach (BadRow row in Find(Texts(rows, BadRowList.Most + 1)))
        {
            to.Add(row);
        }
    }

    private List<(string?[] Raws, long Times)> Texts(IRelation rows, int limit)
    {
        SqlScript script = SqlScript.Load(typeof(BadRowFinder), "bad_rows.sql")
            .With("raws", check.Names)
            .With("order", new SqlArgument.Expression(
                string.Join(", ", Enumerable.Range(0, Math.Max(1, check.Columns.Count)).Select(i => $"raw_{i} ASC NULLS FIRST"))))
            .With("limit", limit);
        return [.. RowReader.Read(engine.Collect(engine.Sql(script, ("source", rows))))
            .Select(row => ((string?[])[.. row[..^1].Take(check.Columns.Count).Cast<string?>()], (long)row[^1]!))];
    }

    private IEnumerable<BadRow> Find(List<(string?[] Raws, long Times)> bad)
    {
        var left = bad.ToDictionary(b => Key(b.Raws), b => (b.Raws, b.Times), StringComparer.Ordinal);
        if (source is CsvSource csv)
        {
            foreach (BadRow row in InFiles(csv, left))
            {
                yield return row;
            }
        }

        // Of a source without an order, each as often as it is there.
        foreach ((string?[] raws, long times) in left.Values)
        {
            for (long n = 0; n < times; n++)
            {
                yield return new BadRow(source.Files.Root, null, check.Problem(raws), Payload(raws));
            }
        }
    }

    private IEnumerable<BadRow> InFiles(CsvSource csv, Dictionary<string, (string?[] Raws, long Times)> left)
    {
        for (int f = 0; f < csv.Files.Files.Count && left.Count > 0; f++)
        {
            string file = csv.Files.Files[f];
            int[] places = [.. check.Columns.Select(c => csv.Columns.ToList().IndexOf(c.Column.Name))];
            string?[] folders = [.. csv.Files.Partitions?.Values[f] ?? []];
            int fields = csv.Columns.Count - folders.Length;
            using var reader = new CsvReader(file, csv.MultiLine);
            foreach (CsvRecord record in reader.AnyRecords().Where(r => r.Problem is null))
            {
                string?[] raws = [.. places.Select(p => p < fields ? record.Fields[p] : folders[p - fields])];
                string key = Key(raws);
                if (!left.TryGetValue(key, out (string?[] Raws, long Times) found))
                {
                    continue;
                }

                yield return new BadRow(file, record.Row, check.Problem(raws), record.Line());
                if (found.Times == 1)
                {
                    left.Remove(key);
                }
                else
                {
                    left[key] = (found.Raws, found.Times - 1);
                }
            }
        }
    }

    private string Payload(string?[] raws)
    {
        var texts = new JsonObject();
        for (int i = 0; i < raws.Length; i++)
        {
            texts[check.Columns[i].Column.Name] = raws[i];
        }

        return texts.ToJsonString(new JsonSerializerOptions
        {
            Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        });
    }

    private static string Key(IEnumerable<string?> raws) =>
        string.Concat(raws.Select(r => r is null ? "-" : $"{r.Length}:{r}"));
}
