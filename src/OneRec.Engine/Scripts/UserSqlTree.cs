using System.Text.Json;
using OneRec.Core;

namespace OneRec.Engine.Scripts;

/// <summary>
/// What the engines' checks of the user's SQL share: reading the parser's tree, and the refusals, in one wording.
/// </summary>
public static class UserSqlTree
{
    // Room for the parsers' own limits of nesting: each expression is an object in an array.
    private const int Depth = 4_000;

    /// <summary>Reads the tree that an engine's parser gives as JSON.</summary>
    /// <exception cref="OneRecException">It is nested too deeply (exit 2).</exception>
    public static JsonDocument Parse(string json)
    {
        try
        {
            return JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = Depth });
        }
        catch (JsonException)
        {
            throw Refused("it is nested too deeply");
        }
    }

    /// <summary>A text property; empty if the part has none.</summary>
    public static string Text(JsonElement part, string property) => part.ValueKind == JsonValueKind.Object
        && part.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";

    /// <summary>The SQL reads a table that it was not given.</summary>
    /// <param name="name">The table.</param>
    /// <param name="tables">The tables that it was given; none for an expression over columns.</param>
    public static OneRecException NoTable(string name, IReadOnlyList<string> tables)
    {
        ArgumentNullException.ThrowIfNull(tables);
        return Refused(tables.Count == 0 ? $"it reads '{name}', but only columns can be read here"
            : $"there is no table '{name}'");
    }

    /// <summary>The SQL calls a function that reads or does something else.</summary>
    public static OneRecException NoFunction(string name) =>
        Refused($"the function {name} cannot be used here: SQL reads what it was given and nothing else");

    /// <summary>The SQL has a part that is not known to be harmless.</summary>
    public static OneRecException NoPart(string type) => Refused($"it has a part that is not accepted ({type})");

    /// <summary>An expression was expected.</summary>
    public static OneRecException NotOneExpression() => Refused("it is more than one expression over the columns");

    /// <summary>Configuration error <c>sql.invalid</c>.</summary>
    public static OneRecException Refused(string why) => OneRecException.Configuration("sql.invalid", why);
}
