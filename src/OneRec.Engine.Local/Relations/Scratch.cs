using Apache.Arrow;
using OneRec.Core;
using OneRec.Engine.Local.DuckDb;
using OneRec.Parquet;
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
        _session!.Execute($"CREATE VIEW {name} AS SELECT * FROM read_parquet([{DuckDbPaths.List(paths)}])");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    /// <summary>Runs a write to a scratch file.</summary>
    /// <exception cref="OneRecException">Engine error <c>engine.scratch</c>, naming the file and the cause.</exception>
    internal static T Writing<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (Exception e) when (ParquetError.IsOfFile(e) || e is UnauthorizedAccessException)
        {
            throw OneRecException.Engine("engine.scratch", SystemFailure.Line($"cannot write {path}", e), e);
        }
    }

    /// <summary>Runs a write to a scratch file that returns nothing.</summary>
    /// <exception cref="OneRecException">Engine error <c>engine.scratch</c>, naming the file and the cause.</exception>
    internal static void Writing(string path, Action write) => Writing(path, () =>
    {
        write();
        return true;
    });

    /// <summary>Closes a writer; the file is complete already, or the failure that left it incomplete is the one to report.</summary>
    internal static void Discard(IDisposable writer)
    {
        try
        {
            writer.Dispose();
        }
        catch (Exception e) when (ParquetError.IsOfFile(e) || e is UnauthorizedAccessException)
        {
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
