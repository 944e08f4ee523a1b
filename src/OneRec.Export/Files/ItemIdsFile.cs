using System.Text.Json;
using OneRec.Export.Ids;

namespace OneRec.Export.Files;

/// <summary>Item ids as one JSON array, of numbers or of strings, a line each.</summary>
/// <param name="stream">Disposed with this.</param>
internal sealed class ItemIdsFile(Stream stream) : IDisposable
{
    private readonly Utf8JsonWriter _json = new(stream, JsonLines.Options);
    private bool _isFirst = true;

    /// <summary>Writes the next id.</summary>
    public void Add(ItemKey id)
    {
        stream.Write(_isFirst ? "[\n"u8 : ",\n"u8);
        _isFirst = false;
        JsonLines.WriteId(_json, id);
        _json.Flush();
        _json.Reset();
    }

    /// <summary>Writes the end of the array.</summary>
    public void Finish() => stream.Write(_isFirst ? "[]\n"u8 : "\n]\n"u8);

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        stream.Dispose();
    }
}
