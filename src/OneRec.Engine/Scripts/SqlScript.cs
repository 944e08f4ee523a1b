using System.Collections.Immutable;

namespace OneRec.Engine.Scripts;

/// <summary>
/// One SELECT in the dialect common to both engines, with <c>{{name}}</c> holes that the engine fills with its own quoting.
/// </summary>
/// <param name="Text">The SQL, without a closing semicolon.</param>
/// <param name="Arguments">A value for every hole.</param>
public sealed record SqlScript(string Text, ImmutableDictionary<string, SqlArgument> Arguments)
{
    /// <summary>A script without arguments.</summary>
    public SqlScript(string text)
        : this(text, ImmutableDictionary<string, SqlArgument>.Empty)
    {
    }

    /// <summary>The script of an embedded <c>.sql</c> file.</summary>
    /// <param name="beside">A type in the same folder as the file: its namespace names the folder.</param>
    /// <param name="file">The file's name in that folder, such as <c>edges.sql</c>.</param>
    /// <exception cref="ArgumentException">There is no such file in the folder.</exception>
    public static SqlScript Load(Type beside, string file)
    {
        ArgumentNullException.ThrowIfNull(beside);
        using Stream text = beside.Assembly.GetManifestResourceStream($"{beside.Namespace}.{file}")
            ?? throw new ArgumentException($"there is no embedded script {file} beside {beside.FullName}", nameof(file));
        using var reader = new StreamReader(text);
        return new SqlScript(reader.ReadToEnd());
    }

    /// <summary>The script with one more argument.</summary>
    public SqlScript With(string name, SqlArgument value) => this with { Arguments = Arguments.SetItem(name, value) };
}
