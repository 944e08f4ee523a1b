using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OneRec.Core;

namespace OneRec.Configuration;

/// <summary>A configuration file, read with the line number of each key for messages.</summary>
internal sealed class ConfigurationFile
{
    private readonly string _name;
    private readonly byte[] _bytes;
    private readonly Problems _problems;
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);

    private ConfigurationFile(string name, byte[] bytes, Problems problems)
    {
        _name = name;
        _bytes = bytes;
        _problems = problems;
    }

    /// <summary>The JSON object of the file.</summary>
    public JsonObject Root { get; private set; } = [];

    /// <summary>Reads a file. If it is missing or invalid, adds a problem and returns null.</summary>
    /// <param name="path">The absolute path.</param>
    /// <param name="name">The file name as the user wrote it.</param>
    /// <param name="problems">Receives the lines.</param>
    public static ConfigurationFile? Read(string path, string name, Problems problems)
    {
        byte[] bytes;
        try
        {
            bytes = File.ReadAllBytes(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            string why = File.Exists(path) || Directory.Exists(path) ? $"cannot be read: {e.Message}" : "does not exist";
            problems.Add($"configuration file {name} {why}");
            return null;
        }

        ReadOnlySpan<byte> mark = Encoding.UTF8.Preamble;
        var file = new ConfigurationFile(name, bytes.AsSpan().StartsWith(mark) ? bytes[mark.Length..] : bytes, problems);
        return file.Parse() ? file : null;
    }

    /// <summary>The location of a key: its line, or the line of the closest enclosing key.</summary>
    public string Where(string key)
    {
        for (string at = key; at.Length > 0;)
        {
            if (_lines.TryGetValue(at, out int line))
            {
                return $"{_name} line {line}";
            }

            int cut = at.AsSpan().LastIndexOfAny('.', '[');
            at = cut < 0 ? "" : at[..cut];
        }

        return _name;
    }

    private bool Parse()
    {
        var reader = new Utf8JsonReader(_bytes, new JsonReaderOptions
        {
            AllowTrailingCommas = true,
            CommentHandling = JsonCommentHandling.Skip,
        });
        try
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                _problems.Add($"{_name} must contain one JSON object {{...}}");
                return false;
            }

            Root = ReadObject(ref reader, "");
            if (reader.Read())
            {
                _problems.Add($"{_name} line {LineAt(reader.TokenStartIndex)}: there must be nothing after the JSON object");
                return false;
            }

            return true;
        }
        catch (JsonException e)
        {
            string what = e.Message.Split(" LineNumber:", 2)[0];
            _problems.Add($"{_name} line {(e.LineNumber ?? 0) + 1}: invalid JSON: {what}");
            return false;
        }
    }

    private JsonObject ReadObject(ref Utf8JsonReader reader, string prefix)
    {
        var map = new JsonObject();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            string key = prefix + name;
            int line = LineAt(reader.TokenStartIndex);
            reader.Read();
            JsonNode? value = ReadValue(ref reader, key);
            if (!map.TryAdd(name, value))
            {
                _problems.Add($"{key} occurs twice, in lines {_lines[key]} and {line} [{_name}]");
                continue;
            }

            _lines[key] = line;
        }

        return map;
    }

    private JsonNode? ReadValue(ref Utf8JsonReader reader, string key)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return ReadObject(ref reader, key + ".");
            case JsonTokenType.StartArray:
                var list = new JsonArray();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    _lines[$"{key}[{list.Count}]"] = LineAt(reader.TokenStartIndex);
                    list.Add(ReadValue(ref reader, $"{key}[{list.Count}]"));
                }

                return list;
            case JsonTokenType.Null:
                return null;
            default:
                return JsonNode.Parse(ref reader);
        }
    }

    private int LineAt(long index) => 1 + _bytes.AsSpan(0, (int)index).Count((byte)'\n');
}
