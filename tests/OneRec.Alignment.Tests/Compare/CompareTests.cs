using System.Text.Json.Nodes;
using System.Xml.Linq;
using OneRec.Alignment.Compare;
using OneRec.Alignment.Tests.Steps;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Pipeline.Compare;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Steps.Evaluate;
using OneRec.Report;
using ParquetSharp;

namespace OneRec.Alignment.Tests.Compare;

/// <summary>The command on a job's tables, published IDs of others among the sets.</summary>
public sealed class CompareTests : IDisposable
{
    private readonly AlignDesk _desk = new();

    public CompareTests()
    {
        _desk.Options = _desk.Options with { Sections = [_desk.Options.Section<EmbedOptions>() with { Model = "pool" }] };
        _desk.Run("ingest", "swing", "embed", "train", "assign", "publish");
    }

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void The_same_IDs_have_the_same_measures_whatever_file_they_come_from()
    {
        List<object?[]> ids = _desk.Query("semantic_ids", "SELECT CAST(item_id AS STRING) AS item, sid, codes FROM semantic_ids ORDER BY item_id ASC NULLS FIRST");
        string json = _desk["theirs.index.json"];
        File.WriteAllText(json, new JsonObject(ids.Select(r => KeyValuePair.Create<string, JsonNode?>(
            (string)r[0]!, new JsonArray([.. ((object?[])r[2]!).Select((c, l) => JsonValue.Create($"<{(char)('a' + l)}_{c}>"))])))).ToJsonString());
        string csv = _desk["theirs.csv"];
        File.WriteAllLines(csv, ["title,item_id,sid", .. ids.Select(r => $"x,{r[0]},{r[1]}")]);
        string codes = _desk["codes.csv"];
        File.WriteAllLines(codes, ["item_id,codes", .. ids.Select(r => $"{r[0]},\"[{string.Join(", ", (object?[])r[2]!)}]\"")]);
        string parquet = _desk["theirs.parquet"];
        using (var writer = new ParquetFileWriter(parquet, [new Column<long>("item_id"), new Column<int[]>("codes")]))
        {
            using RowGroupWriter group = writer.AppendRowGroup();
            using (LogicalColumnWriter<long> column = group.NextColumn().LogicalWriter<long>())
            {
                column.WriteBatch([.. ids.Select(r => long.Parse((string)r[0]!))]);
            }

            using (LogicalColumnWriter<int[]> column = group.NextColumn().LogicalWriter<int[]>())
            {
                column.WriteBatch([.. ids.Select(r => ((object?[])r[2]!).Select(c => (int)c!).ToArray())]);
            }
        }

        Comparison found = Compare(["current", $"json={json}", csv, codes, parquet]);

        Assert.Equal(["current", "json", "theirs.csv", "codes.csv", "theirs.parquet"], found.Ids.Sets);
        Assert.Contains(found.Ids.Rows, r => r.Measure == "co-occurring items (D3), same prefix" && r.Values[0] > 0);
        Assert.All(
            found.Ids.Rows.Where(r => !r.Measure.StartsWith("relative error", StringComparison.Ordinal)),
            r => Assert.All(r.Values, v => Assert.Equal(r.Values[0], v)));
    }

    [Fact]
    public void Co_occurrence_is_that_of_a_plain_count()
    {
        Comparison found = Compare(["current"]);
        Dictionary<long, string> first = _desk.Query("semantic_ids", "SELECT item_id, first_code FROM semantic_ids").ToDictionary(r => (long)r[0]!, r => $"{r[1]}");
        string[][] log = [.. File.ReadLines(_desk["data/interactions.csv"]).Skip(1).Select(l => l.Split(','))];
        var counts = new Dictionary<(long, long), int>();
        foreach (IGrouping<string, string[]> user in log.GroupBy(r => r[0]))
        {
            long[] items = [.. user.Select(r => long.Parse(r[1])).Distinct()];
            foreach (long a in items.Length is >= 2 and <= 200 ? items : [])
            {
                foreach (long b in items.Where(b => b != a))
                {
                    counts[(a, b)] = counts.GetValueOrDefault((a, b)) + 1;
                }
            }
        }

        (long A, long B)[] edges =
        [
            .. counts.GroupBy(c => c.Key.Item1).SelectMany(g => g.OrderByDescending(c => c.Value).ThenBy(c => c.Key.Item2).Take(20).Select(c => c.Key)),
        ];
        Assert.Equal(
            edges.Count(e => first[e.A] == first[e.B]) / (double)edges.Length,
            found.Ids.Rows.Single(r => r is { Measure: "co-occurring items (D3), same prefix", Level: 1 }).Values[0]!.Value,
            12);
    }

    [Fact]
    public void An_RQ_VAE_uses_its_codes_and_repeats()
    {
        Comparison found = Compare(["current", "rqvae", "hash", "column:tags"]);
        double?[] Row(string measure, int? level) => [.. found.Ids.Rows.Single(r => r.Measure == measure && r.Level == level).Values];

        Assert.InRange(Row("codes used", 1)[1]!.Value, 0.5, 1);
        Assert.InRange(Row("codes used", 2)[1]!.Value, 0.9, 1);
        double[] errors = [Row("relative error of embeddings", 1)[1]!.Value, Row("relative error of embeddings", 2)[1]!.Value];
        Assert.InRange(errors[0], 0, 0.95);
        Assert.InRange(errors[1], 0, errors[0]);
        Assert.Equal([null, null], Row("relative error of embeddings", 1)[2..]);
        Assert.Equal(1, Row("levels", null)[3]);
        Assert.InRange(Row("co-occurring items (D3), same prefix", 1)[2]!.Value, 0.05, 0.25);

        Comparison again = Compare(["current", "rqvae"]);
        Assert.Equal(errors[1], again.Ids.Rows.Single(r => r is { Measure: "relative error of embeddings", Level: 2 }).Values[1]);
    }

    [Fact]
    public void Errors_of_a_codebook_are_those_of_evaluate()
    {
        _desk.Run("evaluate");
        double?[] errors = [.. Compare(["current"]).Ids.Rows.Where(r => r.Measure == "relative error of embeddings").Select(r => r.Values[0])];
        double[] told = [.. _desk.Query("quality", "SELECT value FROM quality WHERE metric = 'evaluate.relative_error' ORDER BY level ASC NULLS FIRST").Select(r => (double)r[0]!)];

        Assert.Equal(told.Length, errors.Length);
        Assert.All(told, (value, level) => Assert.Equal(value, errors[level]!.Value, 4));
    }

    [Fact]
    public void Embeddings_are_judged_by_partners_that_training_has_not_seen()
    {
        Holdout("users:0.3");
        _desk.Run("align");
        Comparison found = Compare(["current"], ["pool", "aligned", "linear", "popular", "chance"]);

        Assert.Equal(["pool", "aligned", "linear", "popular", "chance"], found.Embeddings.Sets);
        Assert.All(found.Embeddings.Rows.Where(r => r.Measure[0] is not ('c' or 't')), r => Assert.All(r.Values, v => Assert.InRange(v!.Value, 0, 1)));
        Assert.Equal(10.0 / 239, found.Embeddings.Rows.Single(r => r.Measure == "h@10").Values[4]!.Value, 12);

        // Taking known neighbours out of a ranking brings partners forward.
        IReadOnlyList<double?> Row(string measure) => found.Embeddings.Rows.Single(r => r.Measure == measure).Values;
        Assert.All(Row("h@10").Zip(Row("f@10")).Concat(Row("h@100").Zip(Row("f@100"))), p => Assert.True(p.First <= p.Second));
        Assert.Contains(Row("h@100"), v => v > 0);
        Assert.Contains(found.Ids.Rows, r => r is { Measure: "held-out partners, same prefix", Level: 1 });
        Assert.True(found.Facts.Single(f => f.Name == "held-out partners").Value > 100);
    }

    [Fact]
    public void The_page_has_every_value_with_what_its_measure_means()
    {
        Holdout("users:0.3");
        const string Name = "<b>&\"mine\"</b>";
        Comparison found = Compare(["current", "rqvae", $"{Name}=hash"], ["pool", "popular", "chance"]);

        string page = ComparePage.Render(found, DateTimeOffset.UnixEpoch);

        XElement root = XDocument.Parse(page).Root!;
        XElement[] tables = [.. root.Descendants("table")];
        Assert.Equal(["current", "rqvae", Name], tables[0].Descendants("bdi").Select(b => b.Value));
        foreach ((CompareTable table, XElement shown) in new[] { found.Ids, found.Embeddings }.Zip(tables))
        {
            Assert.Equal(
                table.Rows.SelectMany(r => r.Values).Where(v => v is not null).Select(v => v!.Value),
                shown.Descendants("td").Where(c => c.ElementsBeforeSelf("td").Any()).SelectMany(c => c.Elements("data")).Select(d => (double)d.Attribute("value")!));
            Assert.Equal(table.Rows.Select(r => r.Measure).Distinct().Count(), shown.Descendants("small").Count());
        }

        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
        Assert.Equal(["#ids", "#embeddings"], root.Descendants("a").Select(a => (string)a.Attribute("href")!));
        string path = _desk["compare.html"];
        var file = new PageFile(path, "--page");
        file.Write(page);
        file.RequireWritable();
    }

    [Theory]
    [InlineData("{\"1\": [\"<a_x>\"]}", "item 1: the token '<a_x>' has no code; tokens are numbers or <a_12>")]
    [InlineData("{\"1\": [\"<a_1>\", \"<b_2>\"], \"2\": [\"<a_1>\"]}", "item 2 has 1 codes, but item 1 has 2; all IDs of a set must be equally long")]
    [InlineData("{\"1\": {}}", "item 1: its ID is neither a list nor a text")]
    [InlineData("{\"1\": [1.5]}", "item 1: 1.5 is not a code")]
    [InlineData("{\"1\": [-1]}", "item 1 has the code -1")]
    [InlineData("{\"1\": [1], \"1\": [2]}", "item 1 has two IDs")]
    [InlineData("[1]", "it is not an object of lists, such as {\"12\": [\"<a_7>\", \"<b_99>\"]}")]
    [InlineData("{\"no\": [1]}", "none of its 1 items is in table items, such as no; are both of one catalogue?")]
    [InlineData("{}", "it has no IDs")]
    public void A_malformed_index_is_refused_in_one_line(string json, string message)
    {
        string path = _desk["bad.json"];
        File.WriteAllText(path, json);
        OneRecException e = Assert.Throws<OneRecException>(() => Compare([path]));
        Assert.Equal(($"{path}: {message}", ErrorKind.Input), (e.Message, e.Kind));
    }

    [Theory]
    [InlineData("bad.json", "{\"1\": [", "bad.json: cannot be read (")]
    [InlineData("bad.csv", "item_id,name\n1,x\n", "bad.csv: it has the columns item_id, name; item_id and sid or codes are needed")]
    [InlineData("bad.csv", "item_id,sid\n1,1-2\n2\n", "bad.csv: record 2 is malformed")]
    [InlineData("bad.csv", "item_id,sid\n1,\n", "bad.csv: item 1 has no ID")]
    [InlineData("bad.parquet", "no parquet", "bad.parquet")]
    [InlineData("bad.txt", "x", "bad.txt: IDs are read from .json, .csv and .parquet files; give it one of these names")]
    public void A_file_that_is_no_set_of_IDs_is_refused_in_one_line(string name, string content, string message)
    {
        string path = _desk[name];
        File.WriteAllText(path, content);
        OneRecException e = Assert.Throws<OneRecException>(() => Compare([path]));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', e.Message);
    }

    [Fact]
    public void What_cannot_be_compared_is_refused_by_name()
    {
        Assert.StartsWith("nothing: there is no such set of IDs; name current, ", Message(["nothing"]), StringComparison.Ordinal);
        Assert.Equal("hash has the levels and codes of the set before it; name another set first, such as current", Message(["hash"]));
        Assert.Equal("column:price: table items has the columns title, caption, tags", Message(["column:price"]));
        Assert.StartsWith("embeddings are judged by held-out partners: set evaluate.holdout", Message([], ["pool"]), StringComparison.Ordinal);
        Holdout("users:0.3");
        Assert.Contains("embeddings: pol is none of pool, aligned, linear, popular, chance and model ids", Message(["current"], ["pol"]), StringComparison.Ordinal);
    }

    private void Holdout(string holdout) => _desk.Options = _desk.Options with { Sections = [new EvaluateOptions { Holdout = holdout }] };

    private string Message(string[] ids, string[]? embeddings = null) => Assert.Throws<OneRecException>(() => Compare(ids, embeddings)).Message;

    private Comparison Compare(string[] ids, string[]? embeddings = null)
    {
        using IEngine engine = _desk.Open();
        var context = new PlanContext(engine, _desk.Options, TimeProvider.System, TestContext.Current.CancellationToken);
        return CompareQuery.Run(context, new CompareRequest(ids, embeddings ?? []), new Learned(), _desk);
    }
}
