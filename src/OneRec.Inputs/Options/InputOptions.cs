using System.Text.Json.Nodes;
using OneRec.Configuration;
using OneRec.Core;
using OneRec.Csv.Types;

namespace OneRec.Inputs.Options;

/// <summary>Section <c>input</c>: where interactions, catalogue and vectors are, and how their columns are read.</summary>
/// <remarks>
/// The log, the catalogue and the tags may be a list of paths: <c>["a.csv", "b"]</c>. The files of all paths are one input, with the
/// same format and columns. An input is a file, a folder (searched recursively, except for names that start with <c>.</c> or
/// <c>_</c>), a pattern (<c>*</c>, <c>?</c>, <c>[ab]</c>, <c>{a,b}</c>, <c>**</c>), or a Delta table; on Spark also a URI, or a table
/// of a catalog if no path has that name; CSV (<c>.csv</c>, <c>.tsv</c>), lines of JSON (<c>.jsonl</c>, <c>.ndjson</c>), each also with
/// <c>.gz</c> or <c>.zst</c>, or Parquet (<c>.parquet</c>) by its name. A file that is named itself may also be CSV as <c>.dat</c>, <c>.data</c>,
/// <c>.txt</c>, <c>.inter</c>, <c>.item</c>, <c>.tab</c>, <c>.psv</c> or <c>.log</c>, and lines of JSON as <c>.json</c>. Folders named <c>column=value</c> are columns, and folders that the options exclude are not
/// opened. CSV is RFC 4180, UTF-8 or UTF-16, with a header, unless <see cref="CsvOptions"/> say otherwise; files of an input may have their
/// columns in different orders. A record of JSON is an object on a line; keys of inner objects are columns as <c>outer.inner</c>. CSV, JSON and folder names are text; the type of a column is the one that
/// <see cref="Types"/> declares, or is inferred from the first 10,000 rows: BIGINT if every value matches
/// <c>-?(0|[1-9][0-9]{0,18})</c> (so <c>007</c> makes a STRING), DOUBLE if every value is a number, otherwise STRING.
/// If there are 1,000 values or more and at most one in 1,000 does not fit, the column has the type of the others and such a
/// value makes a bad row. Of times, at most one in 10 may not fit. An empty field is null. SQL in options is Spark SQL on either engine.
/// </remarks>
public sealed record InputOptions
{
    /// <summary>
    /// The log: CSV, lines of JSON or Parquet, a file, a folder or a pattern, or a list of these; or a Delta table. On Spark also URIs (<c>hdfs://</c>,
    /// <c>s3a://</c>) or a table of a catalog (<c>schema.table</c>, <c>catalog.schema.table</c>).
    /// </summary>
    /// <value>Default null: steps that read the log require it.</value>
    [ConfigPath(OrTable = true)]
    public InputPaths? Interactions { get; init; }

    /// <summary>The catalogue: whatever <c>input.interactions</c> can be.</summary>
    /// <value>Default null: <c>ingest</c> requires it.</value>
    [ConfigPath(OrTable = true)]
    public InputPaths? Items { get; init; }

    /// <summary>Section <c>input.columns</c>: names of the columns to read.</summary>
    public InputColumns Columns { get; init; } = new();

    /// <summary>
    /// What the log's time column contains: seconds, milliseconds or microseconds since 1970 (UTC), with or without a fraction; ISO 8601
    /// times (UTC if they have no offset, or end with <c> UTC</c>); ISO 8601 dates (midnight UTC); or dates as <c>20240131</c>,
    /// <c>01/31/2024</c> or <c>31/01/2024</c>.
    /// </summary>
    /// <value>
    /// <c>s</c>, <c>ms</c>, <c>us</c>, <c>timestamp</c>, <c>date</c>, <c>ymd</c>, <c>mdy</c> or <c>dmy</c>. Default null: inferred from the first values; numbers
    /// are in the unit that gives years from 1990 to 2099, or in <c>s</c> if none does. The last three are never inferred.
    /// </value>
    public InputTimeUnit? TimeUnit { get; init; }

    /// <summary>Interactions before this time are not read.</summary>
    /// <value>ISO 8601, UTC if it has no offset; inclusive. Default null: all.</value>
    public string? From { get; init; }

    /// <summary>Interactions at or after this time are not read.</summary>
    /// <value>ISO 8601, UTC if it has no offset; exclusive. Default null: all.</value>
    public string? To { get; init; }

    /// <summary>
    /// An SQL predicate over the log's columns that selects the positive interactions: <c>rating >= 4</c>. Folders and
    /// partitions that it excludes as a whole (<c>day >= '2024-01-31' AND rating >= 4</c>) are not read.
    /// </summary>
    /// <value>Default null: all are.</value>
    public string? Where { get; init; }

    /// <summary>Section <c>input.itemFields</c>: SQL expressions over the catalogue's columns.</summary>
    public ItemFieldOptions ItemFields { get; init; } = new();

    /// <summary>
    /// A second source with one tag per row, whatever <c>input.interactions</c> can be. The tags of an item are its distinct tags, the
    /// most frequent first, then by text, joined by <c>', '</c>.
    /// </summary>
    /// <value>Default null. Not together with <c>input.itemFields.tags</c>.</value>
    [ConfigPath(OrTable = true)]
    public InputPaths? Tags { get; init; }

    /// <summary>An SQL predicate over the catalogue's columns that selects deleted items.</summary>
    /// <value>Default null: none.</value>
    public string? Deleted { get; init; }

    /// <summary>
    /// Ready-made vectors keyed by <c>item_id</c>: a Parquet file, a folder of Parquet files, or a Delta table; on Spark also
    /// Parquet files at a URI; on one machine also a NumPy matrix (<c>.npy</c>; a row an item, of float16, float32 or float64, or several vectors a row
    /// with three dimensions) with its ids in <see cref="TokensIds"/>.
    /// </summary>
    /// <value>Default null.</value>
    [ConfigPath]
    public string? Tokens { get; init; }

    /// <summary>
    /// The ids of the rows of <c>input.tokens</c>, if that is a NumPy matrix: an array of integers or texts (<c>.npy</c>), or a text file with an id a
    /// line.
    /// </summary>
    /// <value>
    /// Default null: the first of <c>x.ids.npy</c>, <c>x.ids.txt</c>, <c>x_ids.npy</c>, <c>x_ids.txt</c>, <c>ids.npy</c>, <c>ids.txt</c>, <c>item_ids.npy</c> and
    /// <c>item_ids.txt</c> that is beside <c>x.npy</c>.
    /// </value>
    [ConfigPath]
    public string? TokensIds { get; init; }

    /// <summary>An SQL expression over the catalogue's columns that changes when an item's vectors do.</summary>
    /// <value>
    /// Default null: where the source's version changed, <c>ingest</c> reads and hashes all vectors. Set it to avoid that for
    /// large sources.
    /// </value>
    public string? TokensVersion { get; init; }

    /// <summary>
    /// Images of items, by reference: columns <c>item_id</c>, <c>position</c> (0 the cover) and <c>path</c> or <c>image</c>
    /// (its bytes), or as <c>input.columns</c> names them. On Spark, Parquet files with the bytes may be at a URI.
    /// </summary>
    /// <value>CSV or Parquet, a file, a folder or a pattern; or a Delta table. Default null.</value>
    [ConfigPath]
    public string? Images { get; init; }

    /// <summary>
    /// Folder that the files named in <c>input.images</c> must lie under, symbolic links followed. Relative paths start at the
    /// folder of <c>input.images</c> all the same.
    /// </summary>
    /// <value>Default null: the folder of <c>input.images</c>.</value>
    [ConfigPath]
    public string? ImagesRoot { get; init; }

    /// <summary>An SQL expression over the catalogue's columns that changes when an item's images do.</summary>
    /// <value>
    /// Default null: the positions and paths of <c>input.images</c>; if it holds the images themselves, where the source's
    /// version changed, <c>ingest</c> reads and hashes them.
    /// </value>
    public string? ImagesVersion { get; init; }

    /// <summary>Types of columns by name, in whichever file they are.</summary>
    /// <value>
    /// <c>BIGINT</c>, <c>DOUBLE</c>, <c>STRING</c>, <c>TIMESTAMP</c>, <c>DATE</c> or <c>BOOLEAN</c>. A declared BIGINT also takes
    /// whole numbers with leading zeros or a fraction of zeros: <c>0005</c> is 5, <c>3.0</c> is 3. Default none: inferred from the
    /// first 10,000 rows of CSV; a value that does not fit is a bad row if it is rare (one in 1,000; of times one in 10), otherwise
    /// the column is STRING.
    /// </value>
    public IReadOnlyDictionary<string, ColumnType> Types { get; init; } = new Dictionary<string, ColumnType>();

    /// <summary>Section <c>input.csv</c>: how CSV is written.</summary>
    public CsvOptions Csv { get; init; } = new();

    /// <summary>What happens to rows that cannot be parsed: malformed CSV, a missing id, a value of another type, a time out of range.</summary>
    /// <value>
    /// <c>fail</c>: the step ends at the first. <c>quarantine</c>: they are moved to table <c>quarantine</c>, at most
    /// 1,000,000 per step, and counted. Default <c>fail</c>.
    /// </value>
    public BadRows BadRows { get; init; }

    /// <summary>How changes of files are detected: by path, size and modification time, or by content. Files at a URI need <c>stat</c>.</summary>
    /// <value><c>stat</c> or <c>content</c>. Default <c>stat</c>.</value>
    public InputHash Hash { get; init; }

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        Columns.Validate(problems);
        Csv.Validate(problems);
        ItemFields.Validate(problems);
        DateTimeOffset? from = InputTime.Check(From, "input.from", problems);
        DateTimeOffset? to = InputTime.Check(To, "input.to", problems);
        problems.Require(
            Columns.Time is not null || (From ?? To) is null,
            From is null ? "input.to" : "input.from",
            "needs times, but input.columns.time is null",
            From ?? To);
        problems.Require(from is null || to is null || from < to, "input.to", "must be after input.from", To);
        RequireSql(problems, "input.where", Where);
        RequireSql(problems, "input.deleted", Deleted);
        RequireSql(problems, "input.tokensVersion", TokensVersion);
        RequireSql(problems, "input.imagesVersion", ImagesVersion);
        problems.Require(
            Tags is null || ItemFields.Tags is null,
            "input.tags",
            "must not be set together with input.itemFields.tags",
            Tags);
        foreach ((string key, InputPaths? names) in new (string, InputPaths?)[]
        {
            ("interactions", Interactions), ("items", Items), ("tags", Tags), ("tokens", Tokens), ("images", Images), ("imagesRoot", ImagesRoot),
        })
        {
            foreach (string name in names?.All ?? [])
            {
                SourceName.RequireNoSecrets(problems, $"input.{key}", name);
            }
        }
    }

    /// <summary>Adds a line if an option is not exactly one SQL expression.</summary>
    public static void RequireSql(Problems problems, string key, string? sql)
    {
        problems.Require(sql is null || sql.Trim().Length > 0, key, "must not be blank", sql);
        if (sql is not null && SqlText.Problem(sql) is { } problem)
        {
            problems.Require(false, key, $"must be one SQL expression: {problem}", sql);
        }
    }
}

/// <summary>Section <c>input.columns</c>: names of columns, exactly as in the header.</summary>
public sealed record InputColumns
{
    /// <summary>The log's user ids.</summary>
    /// <value>Default <c>user_id</c>.</value>
    public string User { get; init; } = "user_id";

    /// <summary>The log's item ids.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string Item { get; init; } = "item_id";

    /// <summary>The log's times.</summary>
    /// <value>
    /// Default <c>event_time</c>. null: the log has none; <c>pairs</c> then makes pairs of Swing neighbours alone, since those of histories need an
    /// order.
    /// </value>
    public string? Time { get; init; } = "event_time";

    /// <summary>Item ids of <c>input.tags</c>.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string TagItem { get; init; } = "item_id";

    /// <summary>Tags of <c>input.tags</c>.</summary>
    /// <value>Default <c>tag</c>.</value>
    public string Tag { get; init; } = "tag";

    /// <summary>Item ids of <c>input.tokens</c>.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string VectorItem { get; init; } = "item_id";

    /// <summary>Vectors of <c>input.tokens</c>: a list of numbers (one vector per item), a list of such lists, or binary.</summary>
    /// <value>Default null: <c>tokens</c> if there is such a column, else <c>embedding</c>.</value>
    public string? Vector { get; init; }

    /// <summary>Item ids of <c>input.images</c>.</summary>
    /// <value>Default <c>item_id</c>.</value>
    public string ImageItem { get; init; } = "item_id";

    /// <summary>Positions of <c>input.images</c> among those of an item: whole numbers, 0 the cover.</summary>
    /// <value>Default <c>position</c>.</value>
    public string ImagePosition { get; init; } = "position";

    /// <summary>Paths of <c>input.images</c>.</summary>
    /// <value>Default <c>path</c>.</value>
    public string ImagePath { get; init; } = "path";

    /// <summary>Bytes of <c>input.images</c>, where there is no column of paths.</summary>
    /// <value>Default <c>image</c>.</value>
    public string Image { get; init; } = "image";

    /// <summary>Adds a line per bad key; never throws.</summary>
    public void Validate(Problems problems)
    {
        ArgumentNullException.ThrowIfNull(problems);
        (string Key, string Value)[] all =
        [
            ("user", User), ("item", Item), ("time", Time ?? "none"), ("tagItem", TagItem), ("tag", Tag), ("vectorItem", VectorItem), ("vector", Vector ?? "tokens"),
            ("imageItem", ImageItem), ("imagePosition", ImagePosition), ("imagePath", ImagePath), ("image", Image),
        ];
        foreach ((string key, string value) in all)
        {
            problems.Require(value.Length > 0, $"input.columns.{key}", "must name a column", value);
        }

        problems.Require(
            User != Item && User != Time && Item != Time, "input.columns", "must name three columns", $"{User}, {Item}, {Time}");
    }
}

/// <summary>How changes of input files are detected.</summary>
public enum InputHash
{
    /// <summary>Relative path, size and modification time in whole seconds.</summary>
    Stat,

    /// <summary>Relative path and the SHA-256 of the bytes.</summary>
    Content,
}

/// <summary>What happens to rows that cannot be parsed.</summary>
public enum BadRows
{
    /// <summary>The step ends with exit 3 and reports the first.</summary>
    Fail,

    /// <summary>They are moved to table <c>quarantine</c> with the reason and counted, and the step continues with the others.</summary>
    Quarantine,
}

/// <summary>Converts input options to parameters of plans.</summary>
internal static class InputPlan
{
    /// <summary>Declared types.</summary>
    public static JsonObject Types(InputOptions input) => new(input.Types.Select(
        t => KeyValuePair.Create<string, JsonNode?>(t.Key, t.Value.SqlName())));

    /// <summary>Adds <c>input.badRows</c> if it can change the rows; with <c>fail</c> it cannot.</summary>
    public static void AddBadRows(JsonObject parameters, InputOptions input)
    {
        if (input.BadRows != BadRows.Fail)
        {
            parameters["badRows"] = input.BadRows.ToString();
        }
    }
}
