using System.Globalization;
using System.Text;
using OneRec.Core;
using OneRec.Engine.Spark.Jvm;
using OneRec.Engine.Spark.Relations;
using OneRec.Engine.Spark.Session;
using OneRec.Engine.Spark.Tables;

namespace OneRec.Engine.Spark.Inputs;

/// <summary>Tables of Spark's catalogs, and Delta tables at URIs.</summary>
/// <remarks>Each is looked up once per engine: all steps of a run read the version that the first plan named.</remarks>
/// <param name="session">The session.</param>
internal sealed class StoredTables(SparkSession session)
{
    private static readonly string[] Absent =
    [
        "TABLE_OR_VIEW_NOT_FOUND", "SCHEMA_NOT_FOUND", "CATALOG_NOT_FOUND", "REQUIRES_SINGLE_PART_NAMESPACE", "PARSE_SYNTAX_ERROR",
    ];

    private readonly Dictionary<string, StoredTable?> _found = new(StringComparer.Ordinal);

    /// <summary>A table of a catalog; null if there is none.</summary>
    /// <exception cref="JvmException">It cannot be read.</exception>
    public StoredTable? Find(string name) => Once(name, () =>
    {
        try
        {
            // A session remembers the files of a table until it is told that another program may have changed them.
            using JvmObject catalog = session.Session.Get("catalog");
            catalog.Call("refreshTable", name);
        }
        catch (JvmException e) when (IsAbsent(e))
        {
            return null;
        }

        Dictionary<string, string> details = Details(name);
        return details.GetValueOrDefault("Provider")?.Equals("delta", StringComparison.OrdinalIgnoreCase) == true
            ? OfDelta(name, details.GetValueOrDefault("Location"))
            : new StoredTable(name, Columns($"SELECT * FROM {name}"), IsView(details) ? Unknown() : OfFiles(name));
    });

    /// <summary>The Delta table in a folder.</summary>
    /// <exception cref="JvmException">It cannot be read.</exception>
    public StoredTable OfFolder(string folder) =>
        Once(folder, () => OfDelta($"delta.{SparkDialect.Instance.Name(folder)}", folder))!;

    /// <summary>The data frame of a table; of a Delta table at the version found.</summary>
    public static JvmObject Frame(SparkSession session, StoredTable table) => session.Session.Get(
        "sql",
        table.Version is { } version
            ? string.Create(CultureInfo.InvariantCulture, $"SELECT * FROM {table.Name} VERSION AS OF {version}")
            : $"SELECT * FROM {table.Name}");

    /// <summary>The first values of a column as text, without nulls.</summary>
    public static IReadOnlyList<string> FirstValues(SparkSession session, StoredTable table, string column, int count)
    {
        string name = SparkDialect.Instance.Name(column);
        using JvmObject frame = Frame(session, table);
        using JvmObject texts = frame
            .Get("where", $"{name} IS NOT NULL")
            .Get("limit", count)
            .Get("selectExpr", session.Jvm.Array("java.lang.String", [$"CAST({name} AS STRING) AS text"]));
        return [.. RowReader.Read(ArrowCollector.Read(texts)).Select(row => (string)row[0]!)];
    }

    private static bool IsAbsent(JvmException e) => e.Chain.Any(c =>
        c.Type.EndsWith("CatalogNotFoundException", StringComparison.Ordinal)
        || (c.Message.StartsWith('[') && Absent.Contains(c.Message[1..].Split(']')[0], StringComparer.Ordinal)));

    // Nothing tells whether the rows of a view or of a foreign catalog changed.
    private static string Unknown() => $"unknown-{Guid.NewGuid():N}";

    private static bool IsView(Dictionary<string, string> details) =>
        details.GetValueOrDefault("Type") is not { } type || type.Contains("VIEW", StringComparison.OrdinalIgnoreCase);

    private StoredTable? Once(string name, Func<StoredTable?> find)
    {
        if (!_found.TryGetValue(name, out StoredTable? table))
        {
            _found[name] = table = find();
        }

        return table;
    }

    // Columns come first in the answer, so the last row of a name is the detail.
    private Dictionary<string, string> Details(string name)
    {
        var details = new Dictionary<string, string>(StringComparer.Ordinal);
        using JvmObject frame = session.Session.Get("sql", $"DESCRIBE TABLE EXTENDED {name}");
        foreach (object?[] row in RowReader.Read(ArrowCollector.Read(frame)))
        {
            details[(string)row[0]!] = row[1] as string ?? "";
        }

        return details;
    }

    private StoredTable OfDelta(string name, string? folder)
    {
        using JvmObject history = session.Session.Get("sql", $"DESCRIBE HISTORY {name} LIMIT 1")
            .Get("selectExpr", session.Jvm.Array("java.lang.String", ["version"]));
        long version = (long)RowReader.Read(ArrowCollector.Read(history))[0][0]!;
        long data = folder is null ? version : DataVersion(folder, version);
        var table = new StoredTable(name, new Apache.Arrow.Schema([], null), data.ToString(CultureInfo.InvariantCulture)) { Version = version };
        using JvmObject frame = Frame(session, table);
        return table with { Columns = Columns(frame) };
    }

    private long DataVersion(string folder, long version)
    {
        try
        {
            return DeltaLogs.DataVersion(session, folder, version);
        }
        catch (OneRecException e) when (e.Kind == ErrorKind.Table)
        {
            // The table is an input.
            throw OneRecException.Input(e.Code, e.Message, e);
        }
    }

    // Spark names the files of tables that it reads as files; of others, it names none, or their folder.
    private string OfFiles(string name)
    {
        using JvmObject frame = session.Session.Get("table", name);
        using JvmObject names = frame.Get("inputFiles");
        var files = Enumerable.Range(0, session.Jvm.ArrayLength(names))
            .Select(i => Uri.UnescapeDataString((string)session.Jvm.ArrayItem(names, i)!))
            .Order(StringComparer.Ordinal)
            .Select(f => HadoopFiles.Find(session, f))
            .ToList();
        if (files.Count == 0 || files.Any(f => f is null or { IsFolder: true }))
        {
            return Unknown();
        }

        var text = new StringBuilder();
        foreach (StoredFile? file in files)
        {
            text.Append(CultureInfo.InvariantCulture, $"{file!.Path}\n{file.Length} {file.Modified.ToUnixTimeSeconds()}\n");
        }

        return StableHash.Sha256(text.ToString());
    }

    private Apache.Arrow.Schema Columns(string select)
    {
        using JvmObject frame = session.Session.Get("sql", select);
        return Columns(frame);
    }

    private static Apache.Arrow.Schema Columns(JvmObject frame)
    {
        using JvmObject type = frame.Get("schema");
        return SparkTypes.FromJson((string)type.Call("json")!, lenient: true);
    }
}
