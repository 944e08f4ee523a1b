using Apache.Arrow;
using OneRec.Engine.Local.DuckDb;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local.Relations;

/// <summary>The scratch folder of a run, beside the tables; deleted with the engine.</summary>
/// <remarks>
/// Parts of a kept relation are Arrow files. What SQL reads is Parquet, uncompressed and without dictionaries, because it is
/// read back soon and is mostly vectors of floats.
/// </remarks>
internal sealed class Scratch : IDisposable
{
    private readonly DuckDbDialect _dialect = new();
    private DuckDbSession? _session;
    private int _next;

    /// <summary>Creates the folder, after removing what a killed run left.</summary>
    /// <param name="root">The folder for scratch; this process holds the lock on the tables beside it.</param>
    public Scratch(string root)
    {
        if (Directory.Exists(root))
        {
            Directory.Delete(root, recursive: true);
        }

        Folder = root;
        Directory.CreateDirectory(root);
    }

    /// <summary>The folder's full path.</summary>
    public string Folder { get; }

    /// <summary>Sets the session that reads scratch files as views.</summary>
    public void Attach(DuckDbSession session) => _session = session;

    /// <summary>A name that is unique in this run.</summary>
    public string NewName(string kind) => $"{kind}_{Interlocked.Increment(ref _next)}";

    /// <summary>Writes batches to one file and disposes them.</summary>
    public ScratchFile Write(Schema schema, IEnumerable<RecordBatch> batches)
    {
        ScratchFileWriter writer = Open(schema);
        try
        {
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                {
                    writer.Write(batch);
                }
            }

            return writer.Finish();
        }
        finally
        {
            writer.Dispose();
        }
    }

    /// <summary>Opens one file for writing.</summary>
    public ScratchFileWriter Open(Schema schema)
    {
        string name = NewName("scratch");
        return new ScratchFileWriter(this, name, Path.Combine(Folder, name + ".parquet"), schema);
    }

    /// <summary>Creates a view of written files.</summary>
    internal void CreateView(string name, IReadOnlyList<string> paths)
    {
        string list = string.Join(", ", paths.Select(_dialect.Text));
        _session!.Execute($"CREATE VIEW {name} AS SELECT * FROM read_parquet([{list}])");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>A batch with a declared schema: columns match by position; names and nullability are those of the schema.</summary>
    internal static RecordBatch WithSchema(RecordBatch batch, Schema schema) =>
        ReferenceEquals(batch.Schema, schema) ? batch : new RecordBatch(schema, batch.Arrays, batch.Length);

    /// <summary>A writer with the properties of scratch files.</summary>
    internal static FileWriter NewWriter(string path, Schema schema)
    {
        using var builder = new WriterPropertiesBuilder();
        using WriterProperties properties = builder
            .Compression(Compression.Uncompressed)
            .DisableDictionary()
            .DisableStatistics()
            .Build();
        using ArrowWriterPropertiesBuilder arrowBuilder = new ArrowWriterPropertiesBuilder().StoreSchema();
        using ArrowWriterProperties arrow = arrowBuilder.Build();
        return new FileWriter(path, schema, properties, arrow);
    }
}
