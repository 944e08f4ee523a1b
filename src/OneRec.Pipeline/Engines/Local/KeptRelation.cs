using Apache.Arrow;
using OneRec.Pipeline.Engine;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>A relation kept in scratch, a file for each part of its layout.</summary>
internal sealed class KeptRelation : LocalRelation, IKeptRelation
{
    private readonly Scratch _scratch;
    private readonly SortedDictionary<int, ScratchFile> _parts;
    private readonly Schema _schema;
    private string? _viewName;

    private KeptRelation(Scratch scratch, Schema schema, SortedDictionary<int, ScratchFile> parts)
    {
        _scratch = scratch;
        _schema = schema;
        _parts = parts;
        Rows = parts.Values.Sum(p => p.Rows);
    }

    /// <inheritdoc/>
    public override Schema Schema => _schema;

    /// <inheritdoc/>
    public long Rows { get; }

    /// <inheritdoc/>
    public override string ViewName
    {
        get
        {
            if (_viewName is null)
            {
                _viewName = _scratch.NewName("kept");
                _scratch.MakeView(_viewName, [.. _parts.Values.Select(p => p.FullPath)]);
            }

            return _viewName;
        }
    }

    /// <summary>Writes a relation's batches, one part.</summary>
    public static KeptRelation Whole(Scratch scratch, Schema schema, IEnumerable<RecordBatch> batches) =>
        new(scratch, schema, new SortedDictionary<int, ScratchFile> { [0] = scratch.Write(schema, batches) });

    /// <summary>Writes batches that come sorted by an int column, a file for each of its values.</summary>
    /// <param name="scratch">Where.</param>
    /// <param name="schema">Columns.</param>
    /// <param name="batches">Batches sorted by the part column; disposed here.</param>
    /// <param name="partColumn">The column's index.</param>
    public static KeptRelation ByPart(Scratch scratch, Schema schema, IEnumerable<RecordBatch> batches, int partColumn)
    {
        var parts = new SortedDictionary<int, ScratchFile>();
        ScratchFileWriter? writer = null;
        int current = 0;
        try
        {
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                {
                    var column = (Int32Array)batch.Column(partColumn);
                    for (int start = 0; start < batch.Length;)
                    {
                        int part = column.GetValue(start)!.Value;
                        int end = start + 1;
                        while (end < batch.Length && column.GetValue(end)!.Value == part)
                        {
                            end++;
                        }

                        if (writer is null || part != current)
                        {
                            Close(ref writer, parts, current);
                            writer = scratch.Open(schema);
                            current = part;
                        }

                        using RecordBatch run = batch.SliceShared(start, end - start);
                        writer.Write(run);
                        start = end;
                    }
                }
            }

            Close(ref writer, parts, current);
            if (parts.Count == 0)
            {
                parts[0] = scratch.Write(schema, []);
            }

            return new KeptRelation(scratch, schema, parts);
        }
        finally
        {
            writer?.Dispose();
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => _parts.Values.SelectMany(p => p.Batches());

    /// <inheritdoc/>
    public IRelation Part(int part) => new ProducedRelation(
        _schema,
        () => _parts.TryGetValue(part, out ScratchFile? file) ? file.Batches() : [],
        _scratch);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (ScratchFile part in _parts.Values)
        {
            part.Dispose();
        }
    }

    private static void Close(ref ScratchFileWriter? writer, SortedDictionary<int, ScratchFile> parts, int part)
    {
        if (writer is null)
        {
            return;
        }

        parts.Add(part, writer.Finish());
        writer.Dispose();
        writer = null;
    }
}
