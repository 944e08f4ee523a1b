using System.Text.Encodings.Web;
using System.Text.Json;
using OneRec.Export.Ids;

namespace OneRec.Export.Files;

/// <summary>JSON values one a line, in UTF-8, with letters of all scripts as they are.</summary>
/// <param name="stream">Disposed with this.</param>
internal sealed class JsonLines(Stream stream) : IDisposable
{
    /// <summary>How JSON is written: escaped where JSON asks for it.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Utf8JsonWriter _json = new(stream, Options);

    /// <summary>Writes an object on a line of its own.</summary>
    /// <param name="members">Writes its members.</param>
    public void Add(Action<Utf8JsonWriter> members)
    {
        _json.WriteStartObject();
        members(_json);
        _json.WriteEndObject();
        _json.Flush();
        _json.Reset();
        stream.WriteByte((byte)'\n');
    }

    /// <summary>Writes an item id, a number or a string.</summary>
    public static void WriteId(Utf8JsonWriter json, ItemKey id)
    {
        if (id.Text is null)
        {
            json.WriteNumberValue(id.Number);
        }
        else
        {
            json.WriteStringValue(id.Text);
        }
    }

    /// <summary>Writes an array of codes.</summary>
    public static void WriteCodes(Utf8JsonWriter json, string name, IEnumerable<int> codes)
    {
        json.WriteStartArray(name);
        foreach (int code in codes)
        {
            json.WriteNumberValue(code);
        }

        json.WriteEndArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _json.Dispose();
        stream.Dispose();
    }
}
