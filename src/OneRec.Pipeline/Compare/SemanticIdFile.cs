using System.Globalization;
using System.Text.Json;
using OneRec.Core;
using OneRec.Csv.Files;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Files;
using OneRec.Inputs.Sources;

namespace OneRec.Pipeline.Compare;

/// <summary>
/// Reads published IDs: <c>index.json</c> as in LC-Rec, LETTER and MiniOneRec (an object of lists of tokens, such as
/// <c>"12": ["&lt;a_7&gt;", "&lt;b_99&gt;"]</c>), CSV or Parquet with <c>item_id</c> and <c>sid</c> or <c>codes</c>.
/// </summary>
internal static class SemanticIdFile
{
    private const long MostJson = 2L << 30;

    /// <summary>Reads a file.</summary>
    /// <exception cref="OneRecException">It cannot be read, or an item's ID is malformed: the message names file and item.</exception>
    public static void Read(IQueryEngine engine, string path, SemanticIdSetBuilder builder)
    {
        if (!File.Exists(path))
        {
            throw OneRecException.Configuration(
                "compare.ids",
                $"{path}: there is no such set of IDs; name current, newest, a codebook id, rqvae, hash, column:NAME, or a file (.json, .csv, .parquet)");
        }

        switch (Path.GetExtension(path))
        {
            case ".json":
                ReadJson(path, builder);
                break;
            case ".csv":
                ReadCsv(path, builder);
                break;
            case ".parquet":
                ReadParquet(engine, path, builder);
                break;
            default:
                throw OneRecException.Configuration("compare.ids", $"{path}: IDs are read from .json, .csv and .parquet files; give it one of these names");
        }
    }

    private static void ReadJson(string path, SemanticIdSetBuilder builder)
    {
        try
        {
            if (new FileInfo(path).Length > MostJson)
            {
                throw Wrong(path, "it has more than 2 GiB; convert it to Parquet");
            }

            using FileStream file = File.OpenRead(path);
            using var json = JsonDocument.Parse(file);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Wrong(path, "it is not an object of lists, such as {\"12\": [\"<a_7>\", \"<b_99>\"]}");
            }

            foreach (JsonProperty item in json.RootElement.EnumerateObject())
            {
                builder.Add(item.Name, Codes(path, item.Name, item.Value));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            throw OneRecException.Input("compare.ids", SystemFailure.Line($"{path}: cannot be read", e), e);
        }
    }

    private static int[] Codes(string path, string item, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Array => [.. value.EnumerateArray().Select(token => token.ValueKind switch
        {
            JsonValueKind.Number when token.TryGetInt32(out int code) => code,
            JsonValueKind.String => Token(path, item, token.GetString()!),
            _ => throw Wrong(path, $"item {item}: {token.GetRawText()} is not a code"),
        })],
        JsonValueKind.String => Text(path, item, value.GetString()!),
        _ => throw Wrong(path, $"item {item}: its ID is neither a list nor a text"),
    };

    // <a_12>, a_12 or 12: the number at the end is the code.
    private static int Token(string path, string item, string token)
    {
        string inner = token.Trim().TrimStart('<').TrimEnd('>');
        string digits = inner[(inner.LastIndexOf('_') + 1)..];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out int code)
            ? code
            : throw Wrong(path, $"item {item}: the token '{token}' has no code; tokens are numbers or <a_12>");
    }

    // 12-7-99, [12, 7, 99], <a_12><b_7>, 12 7 99.
    private static int[] Text(string path, string item, string text)
    {
        string[] tokens = text.Replace("><", "> <", StringComparison.Ordinal)
            .Trim('[', ']', '(', ')', '{', '}')
            .Split(['-', ',', ' ', ';', '|'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return [.. tokens.Select(t => Token(path, item, t))];
    }

    private static void ReadCsv(string path, SemanticIdSetBuilder builder)
    {
        CsvHead table = CsvHead.Read(new CsvFile(path, []), new CsvFormat(MultiLine: true, ","), int.MaxValue);
        if (table.Records != table.Rows.Count)
        {
            throw Wrong(path, $"record {Enumerable.Range(1, table.Records).Except(table.RowNumbers).First()} is malformed");
        }

        (int item, int id) = Columns(path, table.Header);
        for (int i = 0; i < table.Rows.Count; i++)
        {
            string?[] row = table.Rows[i];
            builder.Add(
                row[item] ?? throw Wrong(path, $"record {table.RowNumbers[i]} has no item_id"),
                Text(path, row[item]!, row[id] ?? throw Wrong(path, $"item {row[item]} has no ID")));
        }
    }

    private static (int Item, int Id) Columns(string path, IReadOnlyList<string> names)
    {
        List<string> all = [.. names];
        (int item, int sid, int codes) = (all.IndexOf("item_id"), all.IndexOf("sid"), all.IndexOf("codes"));
        return item >= 0 && (sid >= 0 || codes >= 0)
            ? (item, sid >= 0 ? sid : codes)
            : throw Wrong(path, $"it has the columns {string.Join(", ", names)}; item_id and sid or codes are needed");
    }

    private static void ReadParquet(IQueryEngine engine, string path, SemanticIdSetBuilder builder)
    {
        var input = ParquetInput.Open(InputFiles.Open(engine.Inputs, "compare.ids", path), new Dictionary<string, ColumnType>());
        IRelation all = input.Read(engine);
        (int item, int id) = Columns(path, [.. all.Schema.FieldsList.Select(f => f.Name)]);
        SqlScript script = SqlScript.Load(typeof(SemanticIdFile), "ids_of_file.sql")
            .With("id", new SqlArgument.Name(all.Schema.GetFieldByIndex(id).Name))
            .With("item", new SqlArgument.Name(all.Schema.GetFieldByIndex(item).Name));
        foreach (object?[] row in RowReader.Read(engine.Collect(engine.Sql(script, ("ids", all)))))
        {
            string name = row[0] as string ?? throw Wrong(path, "an item_id is null");
            builder.Add(name, row[1] switch
            {
                string text => Text(path, name, text),
                object?[] codes => [.. codes.Select(c => c switch
                {
                    int code => code,
                    long code when code is >= 0 and <= int.MaxValue => (int)code,
                    _ => throw Wrong(path, $"item {name}: its codes are not whole numbers"),
                })],
                _ => throw Wrong(path, $"item {name} has no ID"),
            });
        }
    }

    private static OneRecException Wrong(string path, string what) => OneRecException.Input("compare.ids", $"{path}: {what}");
}
