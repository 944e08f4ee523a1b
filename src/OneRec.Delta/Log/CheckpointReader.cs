using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta;

/// <summary>Reads a classic checkpoint: a Parquet file with one column per kind of action, of which each row sets one.</summary>
internal static class CheckpointReader
{
    // The leaf columns to read; others are large and not needed, such as parsed statistics.
    private static readonly string[] Wanted =
    [
        "txn.", "protocol.", "add.path", "add.partitionValues.", "add.size", "add.modificationTime",
        "add.dataChange", "add.stats", "add.tags.", "add.deletionVector.storageType", "metaData.",
        "remove.path", "remove.deletionTimestamp", "sidecar.path",
    ];

    /// <summary>The actions of one part. Rows with <c>remove</c> are tombstones of files no longer in the table.</summary>
    /// <param name="table">Names the table in errors.</param>
    /// <param name="version">The checkpoint's version.</param>
    /// <param name="path">The part's file.</param>
    /// <param name="hashed">Whether the SHA-256 of the file is wanted as well.</param>
    /// <exception cref="OneRecException">Table error <c>delta.checkpoint-broken</c>.</exception>
    public static (IReadOnlyList<TableAction> Actions, string? Sha256) Read(string table, long version, string path, bool hashed = false)
    {
        try
        {
            if (new FileInfo(path).Length == 0)
            {
                // A pipe has no length either, and opening one waits for its writer.
                throw new IOException($"{path} is empty");
            }

            string? recorded = LogPath.Checkpoint(version) == Path.GetFileName(path) ? Checkpoints.HashOf(table, version) : null;
            string? hash = hashed || recorded is not null ? StableHash.Sha256OfFile(path) : null;
            if (recorded is not null && hash != recorded)
            {
                throw new InvalidDataException($"{path} differs from its checksum");
            }

            if (PageBombs.Find(path) is { } bomb)
            {
                throw new InvalidDataException($"{path}: a page inflates to {bomb.Inflated} bytes");
            }

            using var properties = ReaderProperties.GetDefaultReaderProperties();
            properties.EnablePageChecksumVerification();
            using var reader = new FileReader(path, properties);
            using var stream = reader.GetRecordBatchReader(null!, Leaves(reader));
            var actions = new List<TableAction>();
            while (stream.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
            {
                using (batch)
                {
                    if (Read(batch, actions))
                    {
                        // Its other files are elsewhere: without them, the table would silently lack rows.
                        throw TableFeatures.Unreadable(table, version, "v2Checkpoint");
                    }
                }
            }

            return (actions, hash);
        }
        catch (Exception e) when (ParquetFailure.IsOfFile(e) || e is FormatException)
        {
            throw OneRecException.Table(
                "delta.checkpoint-broken",
                $"{table} version {version}: cannot read {LogPath.Folder}/{Path.GetFileName(path)} as a checkpoint; "
                + (LogListing.Of(table).CanDoWithout(version) ? "remove the file: the commits before it are all there" : "restore the file"),
                e);
        }
    }

    private static int[] Leaves(FileReader reader)
    {
        SchemaDescriptor schema = reader.ParquetReader.FileMetaData.Schema;
        return [.. Enumerable.Range(0, schema.NumColumns).Where(i =>
        {
            string leaf = schema.Column(i).Path.ToDotString();
            return Wanted.Any(w => w.EndsWith('.') ? leaf.StartsWith(w, StringComparison.Ordinal) : leaf == w);
        })];
    }

    /// <summary>Reads the actions of a batch.</summary>
    /// <returns>Whether it names a sidecar, a further file with actions.</returns>
    private static bool Read(RecordBatch batch, List<TableAction> actions)
    {
        var sidecar = new Fields(batch, "sidecar");
        var add = new Fields(batch, "add");
        var remove = new Fields(batch, "remove");
        var metadata = new Fields(batch, "metaData");
        var protocol = new Fields(batch, "protocol");
        var txn = new Fields(batch, "txn");
        for (int row = 0; row < batch.Length; row++)
        {
            if (add.Text("path", row) is { } path)
            {
                actions.Add(new AddFile(
                    path,
                    add.Map("partitionValues", row),
                    add.Whole("size", row) ?? throw new FormatException("add.size is null"),
                    add.Whole("modificationTime", row) ?? 0,
                    add.Flag("dataChange", row) ?? false,
                    add.Text("stats", row),
                    add.Map("tags", row))
                {
                    HasDeletionVector = add.Within("deletionVector").Text("storageType", row) is not null,
                });
            }
            else if (remove.Text("path", row) is { } gone)
            {
                actions.Add(new RemoveFile(gone, remove.Whole("deletionTimestamp", row), false));
            }
            else if (metadata.Text("id", row) is { } id)
            {
                actions.Add(new Metadata(
                    id,
                    metadata.Text("schemaString", row) ?? throw new FormatException("metaData.schemaString is null"),
                    metadata.Texts("partitionColumns", row),
                    metadata.Map("configuration", row).ToDictionary(p => p.Key, p => p.Value ?? ""),
                    metadata.Whole("createdTime", row),
                    metadata.Text("name", row),
                    metadata.Text("description", row),
                    metadata.Within("format").Text("provider", row) ?? "parquet")
                {
                    FormatOptions = metadata.Within("format").Map("options", row),
                });
            }
            else if (protocol.Whole("minReaderVersion", row) is { } reader)
            {
                actions.Add(new Protocol(
                    Version(reader),
                    Version(protocol.Whole("minWriterVersion", row) ?? throw new FormatException("minWriterVersion is null")),
                    protocol.Texts("readerFeatures", row),
                    protocol.Texts("writerFeatures", row)));
            }
            else if (txn.Text("appId", row) is { } app)
            {
                actions.Add(new ApplicationTransaction(app, txn.Whole("version", row) ?? 0) { LastUpdated = txn.Whole("lastUpdated", row) });
            }
            else if (sidecar.Text("path", row) is not null)
            {
                return true;
            }
        }

        return false;
    }

    // One that is too large is refused by its number, as any that is not known.
    private static int Version(long number) => (int)Math.Clamp(number, 0, int.MaxValue);

    /// <summary>
    /// The fields of a struct column; null if the column, the struct or the field is missing. One of another type than the
    /// protocol's is a broken checkpoint: its rows must not be left out in silence.
    /// </summary>
    private readonly struct Fields
    {
        private readonly StructArray? _structure;

        public Fields(RecordBatch batch, string name)
        {
            int index = batch.Schema.GetFieldIndex(name);
            _structure = index < 0 ? null : batch.Column(index) as StructArray ?? throw Misfit(name);
        }

        private Fields(StructArray? structure) => _structure = structure;

        public Fields Within(string field) => new(Column(field) is { } column ? column as StructArray ?? throw Misfit(field) : null);

        public string? Text(string field, int row) => Valid(row) && Column(field) is { } column ? TextAt(column, row, field) : null;

        public long? Whole(string field, int row) => !Valid(row)
            ? null
            : Column(field) switch
            {
                Int64Array a => a.GetValue(row),
                Int32Array a => a.GetValue(row),
                null => null,
                _ => throw Misfit(field),
            };

        public bool? Flag(string field, int row) => Valid(row) && Column(field) is { } column
            ? (column as BooleanArray ?? throw Misfit(field)).GetValue(row)
            : null;

        public string[] Texts(string field, int row)
        {
            if (!Valid(row) || Column(field) is not { } column || column.IsNull(row))
            {
                return [];
            }

            ListArray list = column as ListArray ?? throw Misfit(field);
            return
            [
                .. Enumerable.Range(list.ValueOffsets[row], list.GetValueLength(row))
                    .Select(i => TextAt(list.Values, i, field) ?? throw new FormatException($"{field} has a null")),
            ];
        }

        public Dictionary<string, string?> Map(string field, int row)
        {
            var map = new Dictionary<string, string?>(StringComparer.Ordinal);
            if (Valid(row) && Column(field) is { } column && column.IsValid(row))
            {
                MapArray maps = column as MapArray ?? throw Misfit(field);
                for (int i = maps.ValueOffsets[row]; i < maps.ValueOffsets[row + 1]; i++)
                {
                    string key = TextAt(maps.Keys, i, field) ?? throw new FormatException($"{field} has a null key");
                    map[key] = TextAt(maps.Values, i, field);
                }
            }

            return map;
        }

        // Writers that keep their own types beside Parquet's store long texts as another type.
        private static string? TextAt(IArrowArray texts, int row, string field) => texts switch
        {
            StringArray a => a.GetString(row),
            LargeStringArray a => a.GetString(row),
            _ => throw Misfit(field),
        };

        private static FormatException Misfit(string field) => new($"{field} has another type than the protocol's");

        private bool Valid(int row) => _structure is not null && _structure.IsValid(row);

        private IArrowArray? Column(string field)
        {
            if (_structure is null)
            {
                return null;
            }

            IReadOnlyList<Field> fields = ((StructType)_structure.Data.DataType).Fields;
            for (int i = 0; i < fields.Count; i++)
            {
                if (fields[i].Name == field)
                {
                    return _structure.Fields[i];
                }
            }

            return null;
        }
    }
}
