using System.Text;
using OneRec.Core;

namespace OneRec.Inputs.Initial;

/// <summary>Writes a first configuration from the user's files.</summary>
public static class InitialConfiguration
{
    private const int MostLeftOut = 3;
    private const int MostColumns = 6;

    /// <summary>Detects the role of each file and writes the configuration.</summary>
    /// <param name="paths">Full paths of files, folders or patterns.</param>
    /// <param name="file">Full path of the configuration; it must not exist.</param>
    /// <param name="codesFor">The number of codes per level that suits a number of items; null if the default does.</param>
    /// <param name="check">Loads the draft at a path as a configuration and adds its problems.</param>
    /// <returns>The role of each input, and the inputs that were skipped.</returns>
    /// <exception cref="OneRecException">
    /// The file exists (exit 2); a path does not exist, or there is no log, catalogue or vectors (exit 3).
    /// </exception>
    public static IReadOnlyList<Fact> Write(IReadOnlyList<string> paths, string file, Func<long, int?> codesFor, Action<string, Problems> check)
    {
        ArgumentNullException.ThrowIfNull(paths);
        ArgumentNullException.ThrowIfNull(codesFor);
        ArgumentNullException.ThrowIfNull(file);
        if (Path.Exists(file))
        {
            throw OneRecException.Configuration(
                "init.exists", $"init: {file} already exists; choose another file with --out, or remove it");
        }

        var facts = new List<Fact>();
        var found = new Dictionary<SourceRole, FoundSource>();
        string? matrix = paths.SelectMany(FoundSource.Matrices).FirstOrDefault();
        foreach (string path in paths.SelectMany(FoundSource.Inputs).Where(p => !FoundSource.IsMatrix(p)).Distinct(StringComparer.Ordinal))
        {
            Add(path, paths.Contains(path, StringComparer.Ordinal), found, facts);
        }

        matrix = found.ContainsKey(SourceRole.Tokens) ? null : matrix;
        if (matrix is null && !found.Keys.Any(r => r is SourceRole.Log or SourceRole.Items or SourceRole.Tokens))
        {
            throw OneRecException.Input(
                "init.nothing",
                $"init: {string.Join(", ", paths)} has no log (a user and an item per row), catalogue (an item and its texts per row) "
                    + "or vectors (item_id and tokens or embedding); name the files"
                    + (facts.Count == 0 ? "" : $" ({string.Join("; ", facts.Take(MostLeftOut).Select(f => f.Value))}{(facts.Count > MostLeftOut ? "; ..." : "")})"));
        }

        string text = new InitialText(found, matrix, Path.GetDirectoryName(file)!, codesFor).Write();
        RequireLoads(text, file, check);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        using (var writer = new StreamWriter(new FileStream(file, FileMode.CreateNew), new UTF8Encoding(false)))
        {
            writer.Write(text);
        }

        return
        [
            .. found.OrderBy(f => f.Key).Select(f => new Fact(InitialText.Key(f.Key), f.Value.Path)),
            .. matrix is null ? System.Array.Empty<Fact>() : [new Fact(InitialText.Key(SourceRole.Tokens), matrix)],
            .. facts,
            new Fact("written", file),
        ];
    }

    private static void Add(string path, bool named, Dictionary<SourceRole, FoundSource> found, List<Fact> facts)
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

        if (source.Roles.Count == 0)
        {
            facts.Add(new Fact("left out", $"{path}: its columns match no input ({string.Join(", ", source.Columns.Take(MostColumns))}{(source.Columns.Count > MostColumns ? ", ..." : "")})"));
            return;
        }

        foreach (SourceRole role in source.Roles)
        {
            Add(source, role, found, facts);
        }
    }

    // The larger of two inputs with the same role is used; the other is reported.
    private static void Add(FoundSource source, SourceRole role, Dictionary<SourceRole, FoundSource> found, List<Fact> facts)
    {
        FoundSource used = source;
        if (found.TryGetValue(role, out FoundSource? other))
        {
            (used, FoundSource smaller) = source.Bytes > other.Bytes ? (source, other) : (other, source);
            facts.Add(new Fact("left out", $"{smaller.Path}: could also be {InitialText.Key(role)}"));
        }

        found[role] = used;
    }

    // The configuration must load.
    private static void RequireLoads(string text, string file, Action<string, Problems> check)
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
                throw new InvalidOperationException($"the configuration that init wrote does not load: {string.Join("; ", problems.Lines)}");
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
