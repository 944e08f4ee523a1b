using System.Collections.Immutable;

namespace OneRec.Pipeline.Engine;

/// <summary>
/// One SELECT in the dialect that both engines run, with <c>{{name}}</c> holes that the engine fills by its own quoting.
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

    /// <summary>The script of an embedded <c>.sql</c> file beside a step.</summary>
    /// <param name="file">The file's name, unique in the assembly, such as <c>edges.sql</c>.</param>
    /// <exception cref="ArgumentException">No such file, or more than one.</exception>
    public static SqlScript Load(string file)
    {
        System.Reflection.Assembly assembly = typeof(SqlScript).Assembly;
        string[] names = [.. assembly.GetManifestResourceNames().Where(n => n.EndsWith("." + file, StringComparison.Ordinal))];
        if (names.Length != 1)
        {
            throw new ArgumentException($"{names.Length} embedded scripts are named {file}", nameof(file));
        }

        using var reader = new StreamReader(assembly.GetManifestResourceStream(names[0])!);
        return new SqlScript(reader.ReadToEnd());
    }

    /// <summary>The script with one more argument.</summary>
    public SqlScript With(string name, SqlArgument value) => this with { Arguments = Arguments.SetItem(name, value) };
}
