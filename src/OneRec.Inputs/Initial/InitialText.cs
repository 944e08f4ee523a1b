using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OneRec.Csv.Types;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Initial;

/// <summary>The text of a first configuration: JSON with comments about what was detected and what the user must decide.</summary>
/// <param name="found">The inputs by role.</param>
/// <param name="matrix">A NumPy matrix of vectors with ids beside it; null if there is none.</param>
/// <param name="folder">Folder of the configuration: paths are relative to it.</param>
/// <param name="codesFor">The number of codes per level that suits a number of items; null if the default does.</param>
internal sealed class InitialText(IReadOnlyDictionary<SourceRole, FoundSource> found, string? matrix, string folder, Func<long, int?> codesFor)
{
    // The default number of codes suits this many items.
    private const int MostItemsCounted = 300_000;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly StringBuilder _text = new();
    private readonly TimeGuess? _time = found.TryGetValue(SourceRole.Log, out FoundSource? timed) ? TimeGuess.Of(timed) : null;

    private long? _items;

    /// <summary>The option of a role.</summary>
    public static string Key(SourceRole role) => role switch
    {
        SourceRole.Log => "input.interactions",
        SourceRole.Items => "input.items",
        SourceRole.Tags => "input.tags",
        SourceRole.Tokens => "input.tokens",
        _ => "input.images",
    };

    /// <summary>The file's text.</summary>
    public string Write()
    {
        Line("// Written by 'onerec init' from the first rows of your files. Paths are relative to this file. 'onerec options' lists all");
        Line("// options. See what a run would read with 'onerec check --conf FILE', then run 'onerec run --conf FILE'.");
        Line("{");
        Line("  // The Delta tables that steps write.");
        Line("  \"tables\": \"tables\",");
        Line("");
        Line("  \"input\": {");
        Input();
        Line("  },");
        Line("");
        Embed();
        Train();
        Line("}");
        return _text.ToString();
    }

    private void Input()
    {
        var entries = new List<(string[] Comments, string Entry)>();
        if (found.TryGetValue(SourceRole.Log, out FoundSource? log))
        {
            entries.Add(([Seen("The log", log)], $"\"interactions\": {Path(log)}"));
            Time(entries);
            Where(log, entries);
        }

        if (found.TryGetValue(SourceRole.Items, out FoundSource? items))
        {
            entries.Add(([Seen("The catalogue", items)], $"\"items\": {Path(items)}"));
            Fields(items, entries);
        }

        if (found.TryGetValue(SourceRole.Tags, out FoundSource? tags))
        {
            string with = items is not null && ColumnGuess.TagList(items.Columns) is { } list
                ? $" The column '{list}' of the catalogue is not used."
                : "";
            entries.Add(([Seen("One tag per row", tags) + with], $"\"tags\": {Path(tags)}"));
        }

        if (found.TryGetValue(SourceRole.Tokens, out FoundSource? tokens))
        {
            entries.Add(([Seen("Ready-made vectors", tokens)], $"\"tokens\": {Path(tokens)}"));
        }

        if (matrix is not null)
        {
            entries.Add((["Ready-made vectors: a NumPy matrix with its ids in a file beside it."], $"\"tokens\": {Path(matrix)}"));
        }

        if (found.TryGetValue(SourceRole.Images, out FoundSource? images))
        {
            entries.Add(([Seen("Images", images)], $"\"images\": {Path(images)}"));
        }

        Columns(log, tags, tokens, entries);
        CsvForms.Add(found, entries);
        entries.Add((
            ["What happens to rows that cannot be parsed: \"fail\" stops at the first, \"quarantine\" moves them to a table and continues."],
            "\"badRows\": \"fail\""));
        for (int e = 0; e < entries.Count; e++)
        {
            foreach (string comment in entries[e].Comments)
            {
                Line($"    // {comment}");
            }

            Line($"    {entries[e].Entry}{(e + 1 < entries.Count ? "," : "")}");
        }
    }

    private void Columns(
        FoundSource? log, FoundSource? tags, FoundSource? tokens, List<(string[] Comments, string Entry)> entries)
    {
        var names = new List<string>();
        Add("user", log is null ? null : ColumnGuess.User(log.Columns), "user_id");
        Add("item", log is null ? null : ColumnGuess.Item(log.Columns), "item_id");
        if (_time is { Column: null })
        {
            names.Add("\"time\": null");
        }

        Add("time", _time?.Column, "event_time");
        Add("tagItem", tags is null ? null : ColumnGuess.Item(tags.Columns), "item_id");
        Add("tag", tags is null ? null : ColumnGuess.Tag(tags.Columns), "tag");
        Add("vectorItem", tokens is null ? null : ColumnGuess.ItemOfCatalogue(tokens.Columns), "item_id");
        Add("vector", tokens?.Vector, tokens?.Vector is "tokens" or "embedding" ? tokens.Vector : "");
        if (names.Count > 0)
        {
            entries.Add(([], $"\"columns\": {{ {string.Join(", ", names)} }}"));
        }

        void Add(string key, string? column, string usual)
        {
            if (column is not null && column != usual)
            {
                names.Add($"\"{key}\": {Json(column)}");
            }
        }
    }

    private void Time(List<(string[] Comments, string Entry)> entries)
    {
        if (_time!.Column is null)
        {
            entries[^1] = ([.. entries[^1].Comments, _time.Comment!], entries[^1].Entry);
        }
        else if (_time.Comment is not null)
        {
            entries.Add(([_time.Comment], _time.Unit is { } unit
                ? $"\"timeUnit\": \"{unit.ToString().ToLowerInvariant()}\""
                : "\"timeUnit\": null"));
        }
    }

    private static void Where(FoundSource log, List<(string[] Comments, string Entry)> entries)
    {
        if (ColumnGuess.Rating(log.Columns) is { } rating
            && log.Source.Columns.Contains(rating, StringComparer.Ordinal)
            && log.Source.TypeOf(rating) is ColumnType.BigInt or ColumnType.Double)
        {
            double greatest = log.Source.Values(rating).Take(CsvSource.SampleRows)
                .Select(v => double.TryParse(v, CultureInfo.InvariantCulture, out double n) ? n : 0)
                .DefaultIfEmpty(0)
                .Max();
            string least = (greatest * 0.8).ToString("0.##", CultureInfo.InvariantCulture);
            entries.Add((
                [$"Which rows are positive, in SQL over the log's columns. '{rating}' goes up to {greatest.ToString(CultureInfo.InvariantCulture)}: choose what counts as \"liked\"."],
                $"\"where\": {Json($"{Name(rating)} >= {least}")}"));
        }
        else if (ColumnGuess.Flag(log.Columns).FirstOrDefault(c => log.Source.Columns.Contains(c, StringComparer.Ordinal)) is { } flag)
        {
            string holds = log.Source.TypeOf(flag) == ColumnType.Boolean ? Name(flag)
                : log.Source.TypeOf(flag) == ColumnType.BigInt ? $"{Name(flag)} = 1" : $"{Name(flag)} = 'true'";
            entries.Add((["Which rows are positive, in SQL over the log's columns."], $"\"where\": {Json(holds)}"));
        }
        else
        {
            entries.Add((["Which rows are positive, in SQL over the log's columns; null: all."], "\"where\": null"));
        }
    }

    private void Fields(FoundSource items, List<(string[] Comments, string Entry)> entries)
    {
        var fields = new List<string>();
        Add("item_id", ColumnGuess.ItemOfCatalogue(items.Columns));
        Add("title", ColumnGuess.Title(items.Columns));
        Add("caption", ColumnGuess.Caption(items.Columns));
        if (!found.ContainsKey(SourceRole.Tags))
        {
            Add("tags", ColumnGuess.TagList(items.Columns));
        }

        if (fields.Count > 0)
        {
            entries.Add((
                ["SQL over the catalogue's columns for an item's fields; a column with the same name as its field needs none."],
                $"\"itemFields\": {{ {string.Join(", ", fields)} }}"));
        }

        void Add(string field, string? column)
        {
            if (column is not null && column != field)
            {
                fields.Add($"\"{field}\": {Json(field == "item_id" ? column : Name(column))}");
            }
        }
    }

    private void Embed()
    {
        Line("  \"embed\": {");
        if (matrix is not null || found.ContainsKey(SourceRole.Tokens))
        {
            Line("    // The mean of an item's ready-made vectors.");
            Line("    \"inputs\": [{ \"block\": \"tokens\" }]");
        }
        else
        {
            Line("    // What items are embedded from. Name the folder of an ONNX text encoder (docs/method/embeddings.md), such as");
            Line("    //   { \"block\": \"text\", \"encoder\": \"models/all-minilm-l6-v2\", \"fields\": [\"title\", \"caption\"] }");
            Line("    \"inputs\": []");
        }

        Line("  }" + (Codes is null ? "" : ","));
    }

    private void Train()
    {
        if (Codes is { } codes)
        {
            Line("");
            Line("  \"train\": {");
            Line($"    // Codes per level, for the {Items.ToString("N0", CultureInfo.InvariantCulture)} items there are now: at least 32 items per code where possible.");
            Line($"    \"codes\": {codes}");
            Line("  }");
        }
    }

    /// <summary>Codes per level; null if the default suits, or there are no items to count.</summary>
    private int? Codes => Items > 0 ? codesFor(Items) : null;

    /// <summary>Number of items with vectors, or of the catalogue's rows; counted no further than needed.</summary>
    private long Items => _items ??= Count();

    private long Count()
    {
        FoundSource? source = found.GetValueOrDefault(SourceRole.Tokens) ?? found.GetValueOrDefault(SourceRole.Items);
        string? id = source is null ? null : ColumnGuess.ItemOfCatalogue(source.Columns);
        return id is not null && source!.Source.Columns.Contains(id, StringComparer.Ordinal)
            ? source.Source.Values(id).Take(MostItemsCounted).LongCount()
            : 0;
    }

    private static string Seen(string what, FoundSource source)
    {
        string columns = string.Join(", ", source.Columns.Select(c => source.Source.Columns.Contains(c, StringComparer.Ordinal)
            ? $"{c} {(source.Source.TypeOf(c) is { } type ? type.SqlName() : ColumnTypes.Name(source.Source.Column(c).Native))}"
            : c));
        string line = $"{what}: {columns}.".ReplaceLineEndings(" ");
        return line.Length <= 400 ? line : line[..400] + "...";
    }

    private string Path(FoundSource source) => Path(source.Path);

    private string Path(string path) =>
        Json(System.IO.Path.GetRelativePath(folder, path).Replace(System.IO.Path.DirectorySeparatorChar, '/'));

    // A name that is not a plain identifier is quoted as in the SQL of both engines.
    private static string Name(string column) =>
        SqlIdentifiers.IsName(column) && !SqlIdentifiers.IsKeyword(column) ? column : $"\"{column.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    /// <summary>A text as JSON.</summary>
    internal static string Json(string text) => JsonSerializer.Serialize(text, Plain);

    private void Line(string line) => _text.Append(line).Append('\n');
}
