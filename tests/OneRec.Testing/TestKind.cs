namespace OneRec.Testing;

/// <summary>Values of the trait <c>Kind</c>: which run of <c>scripts/test</c> a test belongs to; none means every run.</summary>
public static class TestKind
{
    /// <summary>The trait's name.</summary>
    public const string Trait = "Kind";

    /// <summary>Long: kills, engine suites, faults (<c>scripts/test --deep</c>).</summary>
    public const string Deep = "deep";

    /// <summary>Tried before an issue is called resolved (<c>scripts/test --all</c>).</summary>
    public const string All = "all";
}
