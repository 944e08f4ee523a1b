using System.Text;
using OneRec.Core;

namespace OneRec.Inputs.Initial;

/// <summary>Writes a first configuration from a look at the user's files.</summary>
public static class InitialConfiguration
{
    /// <summary>Looks at files and writes what they are taken for.</summary>
    /// <param name="paths">Full paths of files, folders or patterns.</param>
    /// <param name="file">Full path of the configuration; it must not be there.</param>
    /// <param name="check">Adds to the problems whatever keeps a draft, a path, from being read as a configuration.</param>
    /// <returns>What each input was taken for, and what was left out.</returns>
    /// <exception cref="OneRecException">
    /// The file is there (exit 2); a path that is not, nothing that is a log, a catalogue or vectors (exit 3).
    /// </exception>
    public static IReadOnlyList<Fact> Write(IReadOnlyList<string> paths, string file, Action<string, Problems> check)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(file);
        if (Path.Exists(file))
        {
            throw OneRecException.Configuration(
                "init.exists", $"init: {file} is there already; name another file with --out, or remove it");
        }

        var facts = new List<Fact>();
        var found = new Dictionary<SourceRole, FoundSource>();
        foreach (string path in paths.SelectMany(FoundSource.Inputs).Distinct(StringComparer.Ordinal))
        {
            Take(path, paths.Contains(path, StringComparer.Ordinal), found, facts);
        }

        if (!found.Keys.Any(r => r is SourceRole.Log or SourceRole.Items or SourceRole.Tokens))
        {
            throw OneRecException.Input(
                "init.nothing",
                $"init: {string.Join(", ", paths)} has nothing that is a log (a user and an item a row), a catalogue (an item and its "
                    + "texts) or vectors (item_id and tokens or embedding); name the files");
        }

        string text = new InitialText(found, Path.GetDirectoryName(file)!).Write();
        Require(text, file, check);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var writer = new StreamWriter(new FileStream(file, FileMode.CreateNew), new UTF8Encoding(false)))
        {
            writer.Write(text);
        }

        return
        [
            .. found.OrderBy(f => f.Key).Select(f => new Fact(InitialText.Key(f.Key), f.Value.Path)),
            .. facts,
            new Fact("written", file),
        ];
    }

    private static void Take(string path, bool named, Dictionary<SourceRole, FoundSource> found, List<Fact> facts)
    {
        FoundSource source;
        try
        {
            source = FoundSource.Open(path);
        }
        catch (OneRecException e) when (!named)
        {
            facts.Add(new Fact("left out", e.Message));
            return;
        }

        if (source.Role == SourceRole.None)
        {
            facts.Add(new Fact("left out", $"{path}: its columns are of no input ({string.Join(", ", source.Columns)})"));
            return;
        }

        // Of two logs the larger one is the log; the other is told.
        if (found.TryGetValue(source.Role, out FoundSource? other))
        {
            (source, FoundSource smaller) = source.Bytes > other.Bytes ? (source, other) : (other, source);
            facts.Add(new Fact("left out", $"{smaller.Path}: could be {InitialText.Key(source.Role)} as well"));
        }

        found[source.Role] = source;
    }

    // What we write must be what we read.
    private static void Require(string text, string file, Action<string, Problems> check)
    {
        string folder = Directory.CreateTempSubdirectory("onerec-init-").FullName;
        try
        {
            string draft = Path.Combine(folder, Path.GetFileName(file));
            File.WriteAllText(draft, text);
            var problems = new Problems();
            check(draft, problems);
            if (problems.Lines.Count > 0)
            {
                throw new InvalidOperationException($"init wrote what does not load: {string.Join("; ", problems.Lines)}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
