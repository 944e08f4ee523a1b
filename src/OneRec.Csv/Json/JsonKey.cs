using System.Text;
using System.Text.Json;

namespace OneRec.Csv.Json;

/// <summary>A key of objects: the fields that are wanted below it.</summary>
internal sealed class JsonKey
{
    private readonly List<(byte[] Name, JsonKey Key)> _inner = [];

    /// <summary>The place of the field that has this key's value; -1 if none has.</summary>
    public int Field { get; private set; } = -1;

    /// <summary>Whether values of this key are looked into if they are objects.</summary>
    public bool HasInner => _inner.Count > 0;

    /// <summary>The root of some paths.</summary>
    /// <param name="paths">The keys that lead to each field, outermost first.</param>
    public static JsonKey Root(IReadOnlyList<IReadOnlyList<string>> paths)
    {
        var root = new JsonKey();
        for (int field = 0; field < paths.Count; field++)
        {
            JsonKey at = root;
            foreach (string name in paths[field])
            {
                at = at.Under(Encoding.UTF8.GetBytes(name));
            }

            at.Field = field;
        }

        return root;
    }

    /// <summary>The key that a reader is at; null if it is not wanted.</summary>
    /// <param name="reader">A reader at a property name.</param>
    /// <param name="expected">The place to look at first, since objects tend to have their keys in one order; moved on.</param>
    public JsonKey? Find(ref Utf8JsonReader reader, ref int expected)
    {
        for (int n = 0; n < _inner.Count; n++)
        {
            int at = (expected + n) % _inner.Count;
            if (reader.ValueTextEquals(_inner[at].Name))
            {
                expected = at + 1;
                return _inner[at].Key;
            }
        }

        return null;
    }

    private JsonKey Under(byte[] name)
    {
        foreach ((byte[] known, JsonKey key) in _inner)
        {
            if (known.AsSpan().SequenceEqual(name))
            {
                return key;
            }
        }

        var added = new JsonKey();
        _inner.Add((name, added));
        return added;
    }
}
