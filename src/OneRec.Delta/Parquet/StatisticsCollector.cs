using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Apache.Arrow;
using Apache.Arrow.Types;

namespace OneRec.Delta;

/// <summary>Collects a file's statistics in the format of the log.</summary>
internal sealed class StatisticsCollector
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private readonly (int Index, string Name, ColumnBounds Bounds)[] _columns;
    private long _rows;

    /// <summary>Creates a collector for the first <paramref name="columns"/> columns of a file.</summary>
    /// <remarks>Structs get no statistics, which would be an object with those of the fields (protocol, "Per-file Statistics").</remarks>
    public StatisticsCollector(Schema fileSchema, int columns) =>
        _columns = [.. fileSchema.FieldsList.Take(columns)
            .Select((f, i) => (i, f))
            .Where(c => c.f.DataType is not StructType)
            .Select(c => (c.i, c.f.Name, ColumnBounds.For(c.f.DataType)))];

    /// <summary>Adds a batch with the file's exact schema.</summary>
    public void Add(IReadOnlyList<ArrayData> columns, int rows)
    {
        _rows += rows;
        foreach ((int index, _, ColumnBounds bounds) in _columns)
        {
            bounds.Add(columns[index]);
        }
    }

    /// <summary>The JSON for <c>stats</c> of an add action.</summary>
    public string Json()
    {
        using var bytes = new MemoryStream();
        using (var w = new Utf8JsonWriter(bytes, Options))
        {
            w.WriteStartObject();
            w.WriteNumber("numRecords", _rows);
            Part(w, "minValues", (name, bounds) => bounds.WriteMin(w, name));
            Part(w, "maxValues", (name, bounds) => bounds.WriteMax(w, name));
            Part(w, "nullCount", (name, bounds) => w.WriteNumber(name, bounds.Nulls));
            w.WriteEndObject();
        }

        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private void Part(Utf8JsonWriter w, string part, Action<string, ColumnBounds> write)
    {
        w.WriteStartObject(part);
        foreach ((_, string name, ColumnBounds bounds) in _columns)
        {
            write(name, bounds);
        }

        w.WriteEndObject();
    }
}
