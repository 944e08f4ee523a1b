using Apache.Arrow;
using Apache.Arrow.Types;
using ParquetSharp;
using ParquetSharp.Arrow;
using ParquetSharp.IO;

namespace OneRec.Delta;

/// <summary>Writes a classic checkpoint: a Parquet file with one column per kind of action, of which each row sets one.</summary>
/// <remarks>Delta protocol, "Checkpoint Schema". Written for tables of reader version 1 and writer version 2.</remarks>
internal static class CheckpointWriter
{
    private static readonly MapType TextMap = new(
        new Field("key", StringType.Default, false), new Field("value", StringType.Default, true), false);

    private static readonly Field Element = new("element", StringType.Default, true);

    private static readonly StructType Format = new(
        [new Field("provider", StringType.Default, true), new Field("options", TextMap, true)]);

    /// <summary>Number of actions in a version's checkpoint.</summary>
    public static int Actions(Snapshot snapshot) => 2 + snapshot.Applications.Count + snapshot.Files.Count + snapshot.Tombstones.Count;

    /// <summary>The bytes of a version's checkpoint.</summary>
    /// <param name="snapshot">The version.</param>
    /// <param name="tombstones">Files removed before this time are left out.</param>
    public static byte[] Write(Snapshot snapshot, DateTimeOffset tombstones)
    {
        long oldest = tombstones.ToUnixTimeMilliseconds();
        RemoveFile[] removes = [.. snapshot.Tombstones.Where(t => t.DeletionTimestamp is null || t.DeletionTimestamp >= oldest)];
        var rows = new Rows(2 + snapshot.Applications.Count + snapshot.Files.Count + removes.Length);
        Protocol protocol = snapshot.Protocol;
        rows.Add(
            "protocol",
            [protocol],
            ("minReaderVersion", Ints([protocol.MinReaderVersion])),
            ("minWriterVersion", Ints([protocol.MinWriterVersion])),
            ("readerFeatures", Lists([protocol.MinReaderVersion >= 3 ? protocol.ReaderFeatures : null])),
            ("writerFeatures", Lists([protocol.MinWriterVersion >= 7 ? protocol.WriterFeatures : null])));
        Metadata metadata = snapshot.Metadata;
        rows.Add(
            "metaData",
            [metadata],
            ("id", Texts([metadata.Id])),
            ("name", Texts([metadata.Name])),
            ("description", Texts([metadata.Description])),
            ("format", Formats(metadata)),
            ("schemaString", Texts([metadata.SchemaString])),
            ("partitionColumns", Lists([metadata.PartitionColumns])),
            ("configuration", Maps([metadata.Configuration.Select(p => KeyValuePair.Create(p.Key, (string?)p.Value))])),
            ("createdTime", Longs([metadata.CreatedTime])));
        IReadOnlyList<ApplicationTransaction> txns = snapshot.Applications;
        rows.Add(
            "txn",
            txns,
            ("appId", Texts(txns.Select(t => t.AppId))),
            ("version", Longs(txns.Select(t => (long?)t.Version))),
            ("lastUpdated", Longs(txns.Select(t => t.LastUpdated))));
        IReadOnlyList<AddFile> adds = snapshot.Files;
        rows.Add(
            "add",
            adds,
            ("path", Texts(adds.Select(f => f.Path))),
            ("partitionValues", Maps(adds.Select(f => f.PartitionValues))),
            ("size", Longs(adds.Select(f => (long?)f.Size))),
            ("modificationTime", Longs(adds.Select(f => (long?)f.ModificationTime))),
            ("dataChange", Falses(adds.Count)),
            ("stats", Texts(adds.Select(f => f.StatsJson))),
            ("tags", Maps(adds.Select(f => f.Tags.Count == 0 ? null : f.Tags))));
        rows.Add(
            "remove",
            removes,
            ("path", Texts(removes.Select(f => f.Path))),
            ("deletionTimestamp", Longs(removes.Select(f => f.DeletionTimestamp))),
            ("dataChange", Falses(removes.Length)));
        return Parquet(rows.Batch());
    }

    private static byte[] Parquet(RecordBatch batch)
    {
        using var bytes = new MemoryStream();
        using (var stream = new ManagedOutputStream(bytes, leaveOpen: true))
        {
            using var builder = new WriterPropertiesBuilder();
            builder.Compression(Compression.Snappy);
            builder.EnablePageChecksum();
            using WriterProperties properties = builder.Build();
            using var writer = new FileWriter(stream, batch.Schema, properties);
            writer.WriteRecordBatch(batch);
            writer.Close();
        }

        batch.Dispose();
        return bytes.ToArray();
    }

    private static StringArray Texts(IEnumerable<string?> values)
    {
        var builder = new StringArray.Builder();
        foreach (string? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    private static Int32Array Ints(IEnumerable<int> values) => new Int32Array.Builder().AppendRange(values).Build();

    private static Int64Array Longs(IEnumerable<long?> values)
    {
        var builder = new Int64Array.Builder();
        foreach (long? value in values)
        {
            builder.Append(value);
        }

        return builder.Build();
    }

    // Actions of a checkpoint do not change data.
    private static BooleanArray Falses(int count) => new BooleanArray.Builder().AppendRange(Enumerable.Repeat(false, count)).Build();

    private static ListArray Lists(IEnumerable<IEnumerable<string>?> values)
    {
        var builder = new ListArray.Builder(Element);
        var texts = (StringArray.Builder)builder.ValueBuilder;
        foreach (IEnumerable<string>? value in values)
        {
            _ = value is null ? builder.AppendNull() : builder.Append();
            texts.AppendRange(value ?? []);
        }

        return builder.Build();
    }

    private static MapArray Maps(IEnumerable<IEnumerable<KeyValuePair<string, string?>>?> values)
    {
        var builder = new MapArray.Builder(TextMap);
        var keys = (StringArray.Builder)builder.KeyBuilder;
        var texts = (StringArray.Builder)builder.ValueBuilder;
        foreach (IEnumerable<KeyValuePair<string, string?>>? value in values)
        {
            _ = value is null ? builder.AppendNull() : builder.Append();
            foreach ((string key, string? text) in value ?? [])
            {
                keys.Append(key);
                texts.Append(text);
            }
        }

        return builder.Build();
    }

    private static StructArray Formats(Metadata metadata) => new(
        Format, 1, [Texts([metadata.Provider]), Maps([metadata.FormatOptions])], ArrowBuffer.Empty);

    /// <summary>The columns of a checkpoint, whose actions follow each other, one kind after another.</summary>
    private sealed class Rows(int count)
    {
        private readonly List<Field> _fields = [];
        private readonly List<IArrowArray> _columns = [];
        private int _start;

        public void Add<T>(string name, IReadOnlyCollection<T> actions, params ReadOnlySpan<(string Name, IArrowArray Values)> fields)
        {
            var children = new List<IArrowArray>();
            var types = new List<Field>();
            foreach ((string field, IArrowArray values) in fields)
            {
                types.Add(new Field(field, values.Data.DataType, nullable: true));
                children.Add(Between(values));
            }

            var type = new StructType(types);
            var valid = new ArrowBuffer.BitmapBuilder(count);
            valid.AppendRange(false, _start).AppendRange(true, actions.Count).AppendRange(false, count - _start - actions.Count);
            _fields.Add(new Field(name, type, nullable: true));
            _columns.Add(new StructArray(type, count, children, valid.Build(), count - actions.Count));
            _start += actions.Count;
        }

        public RecordBatch Batch() => new(new Schema(_fields, null), _columns, count);

        // Nulls in the rows of the other kinds.
        private IArrowArray Between(IArrowArray values)
        {
            IArrowType type = values.Data.DataType;
            ArrayData before = NullColumn.Of(type, _start);
            ArrayData after = NullColumn.Of(type, count - _start - values.Length);
            return ArrowArrayConcatenator.Concatenate([ArrowArrayFactory.BuildArray(before), values, ArrowArrayFactory.BuildArray(after)]);
        }
    }
}
