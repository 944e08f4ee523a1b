using System.Text.Json;
using OneRec.Csv.Records;

namespace OneRec.Csv.Json;

/// <summary>Collects the keys of objects, those of inner objects by their paths, in the order in which they are first seen.</summary>
/// <remarks>A key that only ever has null beside objects is no field itself.</remarks>
internal sealed class JsonShape : LineReader
{
    // Objects that are keyed by ids have a key for each.
    private const int MaxPaths = 2_000;

    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, Entry> _known = new(StringComparer.Ordinal);

    /// <summary>Creates an empty shape.</summary>
    public JsonShape(CancellationToken cancellation)
        : base(0, Nothing.Instance, cancellation)
    {
    }

    /// <summary>The paths of the fields: keys, outermost first.</summary>
    public IReadOnlyList<IReadOnlyList<string>> Paths =>
        [.. _entries.Where(e => e.HasValue || !e.HasObject).Select(e => e.Path)];

    /// <summary>Number of lines that were read, without empty ones.</summary>
    public int Lines { get; private set; }

    /// <inheritdoc/>
    protected override bool SkipsEmptyLines => true;

    /// <inheritdoc/>
    protected override void Read(ReadOnlySpan<byte> line, bool isHeader)
    {
        Lines++;
        var reader = new Utf8JsonReader(line);
        try
        {
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, [], "");
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The reader of records tells it; keys before the fault count.
        }
    }

    private void ReadObject(ref Utf8JsonReader reader, IReadOnlyList<string> above, string key)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            string name = reader.GetString()!;
            reader.Read();

            // A line feed cannot be in a line, so that keys with dots stay apart.
            string inner = $"{key}\n{name}";
            if (!_known.TryGetValue(inner, out Entry? entry))
            {
                if (_entries.Count == MaxPaths)
                {
                    reader.Skip();
                    continue;
                }

                entry = new Entry([.. above, name]);
                _known.Add(inner, entry);
                _entries.Add(entry);
            }

            if (reader.TokenType == JsonTokenType.StartObject)
            {
                entry.HasObject = true;
                ReadObject(ref reader, entry.Path, inner);
            }
            else
            {
                entry.HasValue |= reader.TokenType != JsonTokenType.Null;
                reader.Skip();
            }
        }
    }

    private sealed class Entry(IReadOnlyList<string> path)
    {
        public IReadOnlyList<string> Path { get; } = path;

        public bool HasObject { get; set; }

        public bool HasValue { get; set; }
    }

    private sealed class Nothing : IRecordSink
    {
        public static readonly Nothing Instance = new();

        public void Accept(long row, TextRecord record)
        {
        }

        public void Reject(long row, string problem, string text)
        {
        }
    }
}
