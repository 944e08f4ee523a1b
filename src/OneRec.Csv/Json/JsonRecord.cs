using System.Text;
using System.Text.Json;
using OneRec.Csv.Records;

namespace OneRec.Csv.Json;

/// <summary>The fields of a JSON object, as texts.</summary>
/// <param name="root">The wanted keys.</param>
/// <param name="fields">Number of fields.</param>
/// <remarks>
/// A text is its characters, a number or boolean is as written, null is empty, and an array of texts, numbers and booleans, at
/// any depth, is these joined by <c>', '</c>. An array with an object in it, and an object where no field is below it, is its JSON.
/// If a key occurs twice, the last value counts.
/// </remarks>
internal sealed class JsonRecord(JsonKey root, int fields) : TextRecord
{
    private readonly (int From, int Length)[] _fields = new (int, int)[fields];
    private byte[] _values = new byte[1 << 10];
    private byte[] _line = [];
    private int _lineLength;
    private int _end;

    /// <inheritdoc/>
    public override int Count => _fields.Length;

    /// <inheritdoc/>
    public override string Text => Encoding.UTF8.GetString(_line.AsSpan(0, _lineLength));

    /// <inheritdoc/>
    public override ReadOnlySpan<byte> this[int field] => _values.AsSpan(_fields[field].From, _fields[field].Length);

    /// <summary>Reads an object.</summary>
    /// <returns>What is wrong with the line; null: nothing.</returns>
    public string? Read(ReadOnlySpan<byte> line)
    {
        Keep(line);
        Array.Clear(_fields);
        _end = 0;
        var reader = new Utf8JsonReader(line);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return JsonProblems.NoObject;
            }

            ReadObject(ref reader, root);
            return reader.Read() ? JsonProblems.NoObject : null;
        }
        catch (JsonException e)
        {
            return JsonProblems.Of(line, e);
        }
        catch (InvalidOperationException)
        {
            // An escape such as \ud800 alone is no character.
            return JsonProblems.NoText;
        }
    }

    private void Keep(ReadOnlySpan<byte> line)
    {
        if (line.Length > _line.Length)
        {
            _line = new byte[2 * line.Length];
        }

        line.CopyTo(_line);
        _lineLength = line.Length;
    }

    private void ReadObject(ref Utf8JsonReader reader, JsonKey keys)
    {
        int expected = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            JsonKey? key = keys.Find(ref reader, ref expected);
            reader.Read();
            if (key is null)
            {
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartObject && key.HasInner)
            {
                ReadObject(ref reader, key);
            }
            else if (key.Field >= 0)
            {
                int from = _end;
                ReadValue(ref reader);
                _fields[key.Field] = (from, _end - from);
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ReadValue(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
        {
            Utf8JsonReader start = reader;
            int from = (int)reader.TokenStartIndex;
            bool objects = reader.TokenType == JsonTokenType.StartObject | HasObject(ref reader);
            if (objects)
            {
                Add(_line.AsSpan(from, (int)reader.BytesConsumed - from));
            }
            else
            {
                Join(start);
            }
        }
        else
        {
            Add(ref reader);
        }
    }

    /// <summary>Reads an object or array to its end, and says whether there is an object in it.</summary>
    private static bool HasObject(ref Utf8JsonReader reader)
    {
        bool found = false;
        int depth = reader.CurrentDepth;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            found |= reader.TokenType == JsonTokenType.StartObject;
        }

        return found;
    }

    private void Join(Utf8JsonReader reader)
    {
        int depth = reader.CurrentDepth;
        bool first = true;
        while (reader.Read() && reader.CurrentDepth > depth)
        {
            if (reader.TokenType is JsonTokenType.StartArray or JsonTokenType.EndArray or JsonTokenType.Null)
            {
                continue;
            }

            if (!first)
            {
                Add(", "u8);
            }

            first = false;
            Add(ref reader);
        }
    }

    private void Add(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        if (reader.TokenType == JsonTokenType.String && reader.ValueIsEscaped)
        {
            // An escape is never shorter than the character it stands for.
            Grow(reader.ValueSpan.Length);
            _end += reader.CopyString(_values.AsSpan(_end));
        }
        else
        {
            Add(reader.ValueSpan);
        }
    }

    private void Add(ReadOnlySpan<byte> bytes)
    {
        Grow(bytes.Length);
        bytes.CopyTo(_values.AsSpan(_end));
        _end += bytes.Length;
    }

    private void Grow(int more)
    {
        if (_end + more > _values.Length)
        {
            Array.Resize(ref _values, Math.Max(2 * _values.Length, _end + more));
        }
    }
}
