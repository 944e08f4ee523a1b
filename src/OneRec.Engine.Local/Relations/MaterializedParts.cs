using Apache.Arrow;

namespace OneRec.Engine.Local.Relations;

/// <summary>
/// A relation kept by part: a pass over a part reads only its file, an Arrow stream. SQL reads a Parquet copy, which is
/// written at the first use.
/// </summary>
internal sealed class MaterializedParts : LocalRelation, IMaterializedRelation
{
    private readonly Scratch _scratch;
    private readonly SortedDictionary<int, PartFile> _parts;
    private readonly Schema _schema;
    private ScratchFile? _copy;

    private MaterializedParts(Scratch scratch, Schema schema, SortedDictionary<int, PartFile> parts)
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
    public override string ViewName => (_copy ??= _scratch.Write(_schema, Batches())).ViewName;

    /// <summary>Writes batches in which the rows of each part come together.</summary>
    /// <param name="scratch">The scratch folder.</param>
    /// <param name="schema">Columns.</param>
    /// <param name="batches">Batches; disposed here.</param>
    /// <param name="partColumn">The index of the part column, int.</param>
    /// <exception cref="InvalidOperationException">The rows of a part do not come together.</exception>
    public static MaterializedParts Write(Scratch scratch, Schema schema, IEnumerable<RecordBatch> batches, int partColumn)
    {
        var parts = new SortedDictionary<int, PartFile>();
        PartFileWriter? writer = null;
        int current = 0;
        try
        {
            foreach (RecordBatch batch in batches)
            {
                using (batch)
                {
                    foreach ((int part, int start, int end) in Runs((Int32Array)batch.Column(partColumn)))
                    {
                        if (writer is null || part != current)
                        {
                            Close();
                            writer = new PartFileWriter(Path.Combine(scratch.Folder, scratch.NewName("part") + ".arrows"), schema);
                            current = part;
                        }

                        using RecordBatch run = batch.SliceShared(start, end - start);
                        writer.Write(run);
                    }
                }
            }

            Close();
            return new MaterializedParts(scratch, schema, parts);
        }
        finally
        {
            writer?.Dispose();
        }

        void Close()
        {
            if (writer is not null)
            {
                if (!parts.TryAdd(current, writer.Finish()))
                {
                    throw new InvalidOperationException($"the rows of part {current} do not come together");
                }

                writer.Dispose();
                writer = null;
            }
        }
    }

    /// <inheritdoc/>
    public override IEnumerable<RecordBatch> Batches() => _parts.Values.SelectMany(p => p.Batches());

    /// <inheritdoc/>
    public IRelation Part(int part) => new ProducedRelation(
        _schema,
        () => _parts.TryGetValue(part, out PartFile? file) ? file.Batches() : [],
        _scratch);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PartFile part in _parts.Values)
        {
            part.Dispose();
        }

        _copy?.Dispose();
    }

    private static IEnumerable<(int Part, int Start, int End)> Runs(Int32Array parts)
    {
        for (int start = 0; start < parts.Length;)
        {
            int part = parts.GetValue(start)!.Value;
            int end = start + 1;
            while (end < parts.Length && parts.GetValue(end)!.Value == part)
            {
                end++;
            }

            yield return (part, start, end);
            start = end;
        }
    }
}
