using System.Globalization;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export.Ids;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>The map of OpenOneRec's evaluation, read as its <c>utils_by_pid.py</c> reads it.</summary>
public sealed class OpenOneRecEvaluationTests : IDisposable
{
    private readonly ExportDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void An_ID_leads_to_its_items_the_most_popular_first()
    {
        _desk.Write(ExportDesk.Numbers).WriteSimilarity((2, 30, 5), (2, 8, 4), (30, 2, 5), (17, 3, 1), (4, 2, 99)).Export("openonerec", "out");
        Dictionary<long, JsonArray> map = Load();
        Assert.Equal(5, map.Count);
        Assert.Equal("2:9 30:5", Items(map[Encode(1, 0, 7)]));
        Assert.Equal("17:1 3:0", Items(map[Encode(3, 2, 1)]));
        Assert.Equal("-5:0", Items(map[Encode(0, 4, 299)]));
        Assert.Equal("9007199254740993:0", Items(map[Encode(1, 0, 10)]));

        // extract_id_from_generation over the tokens of pid2sid: the item itself, or its most popular twin.
        foreach (string row in Duck.Rows($"SELECT pid, tokens FROM '{_desk["out/pid2sid.parquet"]}'"))
        {
            (string pid, string tokens) = (row.Split(" | ")[0], row.Split(" | ")[1]);
            long[] codes = [.. System.Text.RegularExpressions.Regex.Matches(tokens, @"<s_[abc]_(\d+)>").Select(m => long.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture))];
            string first = $"{map[Encode(codes[0], codes[1], codes[2])][0]!["pid"]}";
            Assert.Equal(pid switch { "30" => "2", "3" => "17", _ => pid }, first);
        }

        Assert.Equal(["codebooks", "item_similarity", "items", "published", "semantic_ids"], Tables("out"));
    }

    [Fact]
    public void Without_a_table_of_similar_items_twins_are_in_the_order_of_slots()
    {
        _desk.Write(ExportDesk.Numbers).Export("openonerec", "out");
        Assert.Equal("30:0 2:0", Items(Load()[Encode(1, 0, 7)]));
        _desk.WriteSimilarity((2, 30, 5)).Export("jsonl", "other");
        Assert.DoesNotContain("item_similarity", Tables("other"));
    }

    [Theory]
    [InlineData(true, TwinPolicy.Share, "whole numbers")]
    [InlineData(false, TwinPolicy.Slot, "3 codes")]
    public void It_is_left_out_where_the_evaluation_cannot_read_it(bool texts, TwinPolicy twins, string why)
    {
        IReadOnlyList<Fact> facts = _desk.Write(texts ? ExportDesk.Texts : ExportDesk.Numbers).Export("openonerec", "out", twins);
        Assert.False(File.Exists(_desk["out/sid2pid.json"]));
        Assert.Contains(why, facts.Single(f => f.Name == "without sid2pid.json").Value, StringComparison.Ordinal);
    }

    // load_pid_mapping: {int(k): v for k, v in json.items()}.
    private Dictionary<long, JsonArray> Load() => JsonNode.Parse(File.ReadAllText(_desk["out/sid2pid.json"]))!.AsObject()
        .ToDictionary(p => long.Parse(p.Key, CultureInfo.InvariantCulture), p => p.Value!.AsArray());

    private static long Encode(long a, long b, long c) => (a * 8192 * 8192) + (b * 8192) + c;

    private static string Items(JsonArray items) => string.Join(' ', items.Select(i =>
    {
        Assert.Equal((long)i!["count"]!, (long)i["count_after_downsample"]!);
        return $"{i["pid"]}:{i["count"]}";
    }));

    private IEnumerable<string> Tables(string export) =>
        JsonNode.Parse(File.ReadAllText(_desk[$"{export}/export.json"]))!["tables"]!.AsObject().Select(t => t.Key).Order(StringComparer.Ordinal);
}
