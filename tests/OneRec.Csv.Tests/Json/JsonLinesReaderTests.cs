using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using CsCheck;
using OneRec.Csv.Json;
using OneRec.Csv.Tests.Records;

namespace OneRec.Csv.Tests.Json;

/// <summary>Lines of JSON against <see cref="JsonDocument"/>, and lines that are none.</summary>
public sealed class JsonLinesReaderTests
{
    private static readonly string[][] Paths = [["a"], ["b", "c"], ["b", "d", "e"], ["b.c"], ["é\"\\"]];

    [Theory]
    [InlineData("{}", "||||")]
    [InlineData("""{"a":1,"b":{"c":"x","d":{"e":true}}}""", "1|x|true||")]
    [InlineData("""{"b":{"d":{"e":null},"c":-1.50e3},"a":"\u00e9\n\\"}""", "é\n\\|-1.50e3|||")]
    [InlineData("""{"b.c":"flat","b":{"c":"deep"}}""", "|deep||flat|")]
    [InlineData("""{"a":["x",1,[true,null,"y, z"]]}""", "x, 1, true, y, z||||")]
    [InlineData("""{"a":[{"n": 1}, 2]}""", """[{"n": 1}, 2]||||""")]
    [InlineData("""{"a":{"n": [1]},"b":"text"}""", """{"n": [1]}||||""")]
    [InlineData("""{"a":[],"b":{"d":7,"c":[[]]}}""", "||||")]
    [InlineData("""{"a":1,"a":2}""", "2||||")]
    [InlineData("""{"\u0061":1,"é\"\\":3}""", "1||||3")]
    [InlineData("""  {"x":{"a":5},"a":12345678901234567890}  """, "12345678901234567890||||")]
    public void Fields_are_the_values_at_the_paths(string line, string fields) => Assert.Equal([$"1: {fields}"], Read(line));

    [Theory]
    [InlineData("""{"a":1""", "is not JSON (at byte 7); a record is one object on one line")]
    [InlineData("""{"a":NaN}""", "is not JSON (at byte 6); a record is one object on one line")]
    [InlineData("""{"a":1}{"a":2}""", "is not JSON (at byte 8); a record is one object on one line")]
    [InlineData("""{"a":1},""", "is not JSON (at byte 8); a record is one object on one line")]
    [InlineData("""[{"a":1}]""", "is not one JSON object")]
    [InlineData("5", "is not one JSON object")]
    [InlineData("  ", "is not JSON (at byte 3); a record is one object on one line")]
    [InlineData("{'a': 'x'}", "is not JSON: it is an object as Python prints it; write it with json.dumps")]
    [InlineData("{u'a': 1}", "is not JSON: it is an object as Python prints it; write it with json.dumps")]
    [InlineData("""{"a":"\ud800"}""", "has an escape that is half a character, such as \\ud800; write the text as UTF-8")]
    [InlineData("{\"a\":\"x\ty\"}", "is not JSON (at byte 8); a record is one object on one line")]
    public void Other_lines_are_rejected_alone(string line, string problem) =>
        Assert.Equal([$"1 {problem}: {line}", "2: 1||||"], Read($"{line}\n{{\"a\":1}}"));

    [Fact]
    public void Bytes_that_are_not_utf8_and_lines_that_are_too_deep_are_rejected()
    {
        Assert.Equal(
            ["1 is not UTF-8 (byte 0xE9 at position 7); convert the file, for example with iconv -f LATIN1 -t UTF-8: {\"a\":\"\uFFFD\"}"],
            Read([.. "{\"a\":\""u8, 0xE9, .. "\"}"u8]));
        string deep = $"{{\"a\":{new string('[', 100)}{new string(']', 100)}}}";
        Assert.StartsWith("1 is not JSON (at byte ", Assert.Single(Read(deep)), StringComparison.Ordinal);
    }

    [Fact]
    public void Empty_lines_are_skipped_and_lines_may_end_with_crlf() =>
        Assert.Equal(["1: 1||||", "2: 2||||"], Read("\n{\"a\":1}\r\n\r\n\n{\"a\":2}"));

    [Fact]
    public void Random_objects_are_read_as_by_another_parser()
    {
        Gen<JsonNode?> leaf = Gen.OneOf(
            Gen.String.Select(s => (JsonNode?)JsonValue.Create(Whole(s))), Gen.Long.Select(n => (JsonNode?)JsonValue.Create(n)),
            Gen.Bool.Select(b => (JsonNode?)JsonValue.Create(b)), Gen.Double.Where(double.IsFinite).Select(d => (JsonNode?)JsonValue.Create(d)), Gen.Const((JsonNode?)null));
        Gen<JsonNode?> list = leaf.Array[0, 4].Select(a => (JsonNode?)new JsonArray([.. a.Select(Copy)]));
        string[] keys = ["a", "b", "c", "d", "e", "b.c", "é\"\\"];
        Gen<string> key = Gen.Int[0, keys.Length - 1].Select(k => keys[k]);
        Gen<JsonNode?> inner = Object(key, Gen.OneOf(leaf, list, Object(key, Gen.OneOf(leaf, list))));
        Gen<JsonNode?> outer = Object(key, Gen.OneOf(leaf, list, inner));
        outer.Array[1, 5].Sample(
            objects =>
            {
                string text = string.Concat(objects.Select(o => o!.ToJsonString() + "\n"));
                Assert.Equal(objects.Select((o, n) => $"{n + 1}: {string.Join('|', Paths.Select(p => Expected(o!.ToJsonString(), p)))}"), Read(text));
            },
            iter: 2_000);
    }

    [Fact]
    public void Keys_are_found_in_the_order_of_the_first_lines_and_only_nulls_are_no_field()
    {
        var shape = new JsonShape(CancellationToken.None);
        byte[] text = Encoding.UTF8.GetBytes(
            "{\"b\":1,\"o\":null,\"n\":null}\n{\"a\":[1,{\"x\":2}],\"o\":{\"p\":{\"q\":1},\"b\":2},\"e\":{}}\nbroken\n{\"o\":{\"r\":1}}\n");
        Listed.Of(text, _ => shape);
        Assert.Equal(["b", "n", "a", "o.p.q", "o.b", "o.r"], shape.Paths.Select(p => string.Join('.', p)));
        Assert.Equal(4, shape.Lines);
    }

    private static Gen<JsonNode?> Object(Gen<string> key, Gen<JsonNode?> value) => Gen.Select(key, value).Array[0, 5].Select(
        pairs => (JsonNode?)new JsonObject(pairs.DistinctBy(p => p.Item1).Select(p => KeyValuePair.Create(p.Item1, Copy(p.Item2)))));

    private static JsonNode? Copy(JsonNode? node) => node?.DeepClone();

    // A random text may have halves of characters.
    private static string Whole(string text) => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));

    private static string Expected(string json, string[] path)
    {
        using var document = JsonDocument.Parse(json);
        JsonElement at = document.RootElement;
        foreach (string key in path)
        {
            if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(key, out JsonElement inner))
            {
                return "";
            }

            at = inner;
        }

        bool hasInner = Paths.Any(p => p.Length > path.Length && p.Take(path.Length).SequenceEqual(path));
        return at.ValueKind == JsonValueKind.Object && hasInner ? "" : TextOf(at);
    }

    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Array => string.Join(", ", value.EnumerateArray().Where(v => v.ValueKind != JsonValueKind.Null).Select(TextOf)),
        _ => value.GetRawText(),
    };

    private static List<string> Read(string text) => Read(Encoding.UTF8.GetBytes(text));

    private static List<string> Read(byte[] text) =>
        Listed.Of(text, sink => new JsonLinesReader(Paths, sink, CancellationToken.None), blockBytes: 64);
}
