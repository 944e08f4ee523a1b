using Apache.Arrow;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Engine.Local;

/// <summary>A folder of files of this run alone, beside the tables and gone with the engine.</summary>
/// <remarks>
/// Parts of a kept relation are Arrow. What SQL reads is Parquet, uncompressed and without dictionaries: it is read back at
/// once, mostly vectors of floats.
/// </remarks>
internal sealed class Scratch : IDisposable
{
    private readonly DuckDbDialect _dialect = new();
    private DuckDbSession? _session;
    private int _next;

    /// <summary>Makes the folder, after removing what a killed run left.</summary>
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

    /// <summary>The session that reads scratch files as views.</summary>
    public void Attach(DuckDbSession session) => _session = session;

    /// <summary>A new name in this run.</summary>
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

    /// <summary>Gives a written file a view.</summary>
    internal void MakeView(string name, IReadOnlyList<string> paths)
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

    /// <summary>A batch under a declared schema: columns go by position, names and nullability are the schema's.</summary>
    internal static RecordBatch Declared(RecordBatch batch, Schema schema) =>
        ReferenceEquals(batch.Schema, schema) ? batch : new RecordBatch(schema, batch.Arrays, batch.Length);

    /// <summary>How scratch files are written.</summary>
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
