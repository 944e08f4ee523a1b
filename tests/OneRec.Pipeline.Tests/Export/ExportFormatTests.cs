using System.Text;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export.Ids;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>Each format is read back by a reader that is not ours and holds exactly the IDs.</summary>
public sealed class ExportFormatTests : IDisposable
{
    private readonly ExportDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void OpenOneRec_gets_its_map_its_captions_and_its_vocabulary_in_its_order(bool texts)
    {
        DeskId[] ids = Live(texts);
        _desk.Write(Rows(texts)).Export("openonerec", "out");
        Assert.Equal(
            ids.OrderBy(i => i.Key, StringComparer.Ordinal).Select(i =>
                $"{i.Key} | [{string.Join(", ", i.Codes)}] | <|sid_begin|><s_a_{i.Codes[0]}><s_b_{i.Codes[1]}><s_c_{i.Codes[2]}><|sid_end|>"),
            Sorted(Duck.Rows($"SELECT pid, CAST(sid AS TEXT), tokens FROM '{_desk["out/pid2sid.parquet"]}'")));
        Assert.Equal([texts ? "VARCHAR | BIGINT[]" : "BIGINT | BIGINT[]"], Duck.Rows($"SELECT DISTINCT typeof(pid), typeof(sid) FROM '{_desk["out/pid2sid.parquet"]}'"));
        Assert.Equal(
            Sorted([.. ids.Where(i => !string.IsNullOrEmpty(i.Caption)).Select(i => $"{i.Key} | {i.Caption}")]),
            Sorted(Duck.Rows($"SELECT pid, dense_caption FROM '{_desk["out/pid2caption.parquet"]}'")));

        // By the text of generate_itemic_tokens: all <s_a_i>, then all <s_b_i>, ..., then the two special tokens.
        string[] expected =
        [
            .. Enumerable.Range(0, 4).Select(i => $"<s_a_{i}>"), .. Enumerable.Range(0, 5).Select(i => $"<s_b_{i}>"),
            .. Enumerable.Range(0, 300).Select(i => $"<s_c_{i}>"), "<|sid_begin|>", "<|sid_end|>",
        ];
        Assert.Equal(expected, File.ReadAllLines(_desk["out/new_tokens.txt"]));
    }

    [Theory]
    [InlineData("minionerec", false, false)]
    [InlineData("lcrec", true, false)]
    [InlineData("letter", true, true)]
    public void Index_files_hold_tokens_texts_and_what_get_new_tokens_gives(string format, bool hasSlot, bool texts)
    {
        DeskId[] ids = Live(texts);
        _desk.Write(Rows(texts)).Export(format, "Films");
        byte[] bytes = File.ReadAllBytes(_desk["Films/Films.item.json"]);
        Assert.DoesNotContain(bytes, b => b is > 0x7E or (< 0x20 and not (byte)'\n'));
        JsonObject index = JsonNode.Parse(File.ReadAllText(_desk["Films/Films.index.json"]))!.AsObject();
        JsonObject items = JsonNode.Parse(bytes)!.AsObject();
        Assert.Equal(ids.Select(i => i.Key).Order(StringComparer.Ordinal), index.Select(i => i.Key).Order(StringComparer.Ordinal));
        Assert.Equal(index.Select(i => i.Key), items.Select(i => i.Key));
        Assert.All(ids, id =>
        {
            string[] expected = [$"<a_{id.Codes[0]}>", $"<b_{id.Codes[1]}>", $"<c_{id.Codes[2]}>", .. hasSlot ? [$"<d_{id.Slot}>"] : Array.Empty<string>()];
            Assert.Equal(expected, index[id.Key]!.AsArray().Select(t => (string)t!));
            Assert.Equal(id.Title ?? "", (string)items[id.Key]!["title"]!);
            Assert.Equal(id.Caption ?? "", (string)items[id.Key]!["description"]!);
        });

        // sorted(list(set(token for index in indices.values() for token in index))): Python sorts by code point.
        string[] tokens = [.. index.SelectMany(i => i.Value!.AsArray()).Select(t => (string)t!).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(tokens, JsonNode.Parse(File.ReadAllText(_desk["Films/new_tokens.json"]))!.AsArray().Select(t => (string)t!));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void TorchEasyRec_gets_a_generation_that_its_checks_accept(bool texts)
    {
        DeskId[] ids = Live(texts);
        _desk.Write(Rows(texts)).Export("torcheasyrec", "v1");
        IGrouping<string, DeskId>[] buckets = [.. ids.GroupBy(i => string.Join('-', i.Codes)).OrderBy(g => Key(g.First().Codes))];
        Assert.Equal(
            buckets.Select(b => $"[{string.Join(", ", b.First().Codes)}] | {Offset(b.First().Codes)} | {string.Join('/', b.OrderBy(i => i.Slot).Select(i => i.Key))}"),
            Duck.Rows($"SELECT CAST(codebook AS TEXT), CAST(offset_codebook AS TEXT), array_to_string(itemids, '/') FROM '{_desk["v1/sid_to_items/part-*.parquet"]}'"));
        Assert.Equal(
            Sorted([.. buckets.SelectMany(b => b.OrderBy(i => i.Slot).Select((i, place) =>
                $"{i.Key} | [{i.Codes[0]}, {i.Codes[1]}, {i.NearestCode ?? i.Codes[2]}] | [{string.Join(", ", i.Codes)}] | {Offset(i.Codes)} | {place + 1}"))]),
            Sorted(Duck.Rows($"SELECT item_id, CAST(origin_codebook AS TEXT), CAST(codebook AS TEXT), CAST(offset_codebook AS TEXT), index FROM '{_desk["v1/item_to_sid/part-*.parquet"]}'")));
        Assert.Equal(
            [$"{(texts ? "VARCHAR" : "BIGINT")} | BIGINT[] | BIGINT"],
            Duck.Rows($"SELECT DISTINCT typeof(item_id), typeof(codebook), typeof(index) FROM '{_desk["v1/item_to_sid/part-0.parquet"]}'"));

        // What BundleManifest.from_json demands, and what an append compares.
        JsonNode manifest = JsonNode.Parse(File.ReadAllText(_desk["v1/manifest.json"]))!;
        Assert.Matches("^[0-9a-f]{32}$", (string)manifest["bundle_uuid"]!);
        Assert.Equal("[4,5,300]", manifest["codebook"]!.ToJsonString());
        Assert.Equal((2, 2), ((int)manifest["capacity"]!, (int)manifest["max_observed_items_per_sid"]!));
        Assert.Equal(texts ? "string" : "int64", (string)manifest["item_id_type"]!);
        Assert.Equal("""{"save_type":"parquet","rows":7,"location":"v1/item_to_sid"}""", manifest["artifacts"]!["item_to_sid"]!.ToJsonString());
        Assert.Equal("""{"save_type":"parquet","rows":5,"location":"v1/sid_to_items"}""", manifest["artifacts"]!["sid_to_items"]!.ToJsonString());

        static long Key(int[] codes) => (((codes[0] * 5L) + codes[1]) * 300) + codes[2];
        static string Offset(int[] codes) => $"[{codes[0]}, {codes[1] + 4}, {codes[2] + 9}]";
    }

    [Fact]
    public void Grid_gets_a_tensor_with_a_column_an_item()
    {
        DeskId[] ids = Live(texts: false);
        IReadOnlyList<Fact> facts = _desk.Write(ExportDesk.Numbers).Export("grid", "out");
        RequireTensor(ids, levels: 4, i => [.. i.Codes, i.Slot]);
        Assert.Contains(new Fact("shape", "4 x 7"), facts);
        Assert.Contains(new Fact("columns", "item_ids.json has the item id of each column"), facts);

        _desk.Export("grid", "out", TwinPolicy.First, overwrite: true);
        RequireTensor([.. ids.Where(i => i.Key is not ("2" or "17"))], levels: 3, i => i.Codes);

        _desk.Write([new DeskId(1L, [0, 0, 1]), new DeskId(0L, [0, 0, 2])]);
        Assert.Contains(new Fact("columns", "item ids are the columns"), _desk.Export("grid", "dense"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Json_lines_hold_both_ways_in_the_scripts_of_the_titles(bool texts)
    {
        DeskId[] ids = Live(texts);
        _desk.Write(Rows(texts)).Export("jsonl", "out");
        string all = File.ReadAllText(_desk["out/item_to_sid.jsonl"], new UTF8Encoding(false, throwOnInvalidBytes: true));
        Assert.Contains("Амели", all, StringComparison.Ordinal);
        JsonNode[] rows = [.. all.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(
            ids.Select(i => (i.Key, string.Join('-', i.Codes), string.Join(',', i.Codes), i.Slot, i.Title)).OrderBy(i => i.Key, StringComparer.Ordinal),
            rows.Select(r => (r["item_id"]!.ToString(), (string)r["sid"]!, string.Join(',', r["codes"]!.AsArray()), (int)r["slot"]!, (string?)r["title"]))
                .OrderBy(i => i.Item1, StringComparer.Ordinal));
        JsonNode[] groups = [.. File.ReadLines(_desk["out/sid_to_items.jsonl"]).Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(Groups(ids), groups.Select(g => $"{g["sid"]} {string.Join(',', g["codes"]!.AsArray())}: {string.Join('/', g["items"]!.AsArray())}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Csv_and_Parquet_maps_hold_both_ways(bool texts)
    {
        DeskId[] ids = Live(texts);
        _desk.Write(Rows(texts)).Export("csv", "csv");
        _desk.Export("parquet", "parquet");
        string[] items = Sorted([.. ids.Select(i => $"{i.Key} | {string.Join('-', i.Codes)} | {i.Slot} | {i.Title ?? "NULL"}")]);
        Assert.Equal(items, Sorted(Duck.Rows(
            $"SELECT item_id, sid, slot, title FROM read_csv('{_desk["csv/item_to_sid.csv"]}', all_varchar = true, delim = ',', quote = '\"', escape = '\"', header = true, allow_quoted_nulls = false)")));
        Assert.Equal(items, Sorted(Duck.Rows($"SELECT item_id, sid, slot, title FROM '{_desk["parquet/item_to_sid.parquet"]}'")));
        Assert.Equal(
            Groups(ids),
            Duck.Rows($"SELECT sid || ' ' || array_to_string(codes, ',') || ': ' || array_to_string(item_ids, '/') FROM '{_desk["parquet/sid_to_items.parquet"]}'"));
        Assert.Equal(
            Sorted([.. ids.Select(i => $"{string.Join('-', i.Codes)} | {i.Key} | {i.Slot}")]),
            Sorted(Duck.Rows($"SELECT sid, item_id, slot FROM read_csv('{_desk["csv/sid_to_items.csv"]}', all_varchar = true, delim = ',', quote = '\"', escape = '\"', header = true, allow_quoted_nulls = false)")));
    }

    [Fact]
    public void The_tokens_are_those_of_all_codes()
    {
        _desk.Write(ExportDesk.Numbers).Export("tokens", "out", TwinPolicy.Slot);
        string[] tokens = File.ReadAllLines(_desk["out/new_tokens.txt"]);
        Assert.Equal(4 + 5 + 300 + 6, tokens.Length);
        Assert.Equal(["<a_0>", "<a_1>", "<a_2>", "<a_3>", "<b_0>"], tokens[..5]);
        Assert.Equal(["<c_299>", "<d_0>", "<d_1>", "<d_2>", "<d_3>", "<d_4>", "<d_5>"], tokens[^7..]);
        Assert.Equal(tokens, JsonNode.Parse(File.ReadAllText(_desk["out/new_tokens.json"]))!.AsArray().Select(t => (string)t!));
    }

    private static IReadOnlyList<DeskId> Rows(bool texts) => texts ? ExportDesk.Texts : ExportDesk.Numbers;

    private static DeskId[] Live(bool texts) => [.. Rows(texts).Where(i => !i.IsDeleted)];

    private static string[] Sorted(string[] rows) => [.. rows.Order(StringComparer.Ordinal)];

    private static IEnumerable<string> Groups(IEnumerable<DeskId> ids) => ids
        .GroupBy(i => string.Join(',', i.Codes))
        .OrderBy(g => (g.First().Codes[0], g.First().Codes[1], g.First().Codes[2]))
        .Select(g => $"{g.Key.Replace(',', '-')} {g.Key}: {string.Join('/', g.OrderBy(i => i.Slot).Select(i => i.Key))}");

    private void RequireTensor(IReadOnlyList<DeskId> ids, int levels, Func<DeskId, int[]> codes)
    {
        var tensor = new NpyReader(_desk["out/semantic_ids.npy"]);
        long[] items = [.. JsonNode.Parse(File.ReadAllText(_desk["out/item_ids.json"]))!.AsArray().Select(i => (long)i!)];
        Assert.Equal("<i8", tensor.Type);
        Assert.Equal([levels, ids.Count], tensor.Shape);
        Assert.Equal(ids.Select(i => (long)i.Id).Order(), items);
        for (int column = 0; column < items.Length; column++)
        {
            int[] expected = codes(ids.Single(i => (long)i.Id == items[column]));
            Assert.Equal(expected, Enumerable.Range(0, levels).Select(level => (int)tensor[level, column]));
        }
    }
}
