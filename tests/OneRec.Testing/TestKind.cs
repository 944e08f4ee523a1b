namespace OneRec.Testing;

/// <summary>
/// Values of the trait <c>Kind</c>: which run of the tests a test belongs to; none means the usual one, as
/// tests/Directory.Build.props tells <c>dotnet test</c>.
/// </summary>
public static class TestKind
{
    /// <summary>The trait's name.</summary>
    public const string Trait = "Kind";

    /// <summary>Long: kills, engine suites, faults (<c>scripts/test --deep</c>).</summary>
    public const string Deep = "deep";

    /// <summary>Tried before an issue is called resolved (<c>scripts/test --all</c>).</summary>
    public const string All = "all";
}
