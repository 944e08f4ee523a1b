using OneRec.Cli;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Cases;

/// <summary>The cases of <c>tests/cases</c>: attacks, damage and odd inputs, each a folder with its expected outcome.</summary>
public sealed class CasesOnLocalTests
{
    public static TheoryData<string> Names => [.. CaseFile.Names(onSpark: false)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outcome_is_as_expected(string name) =>
        new CaseRun(CaseFile.Read(name), "local", new CommandBackend(StepComposition.All)).Require();
}

/// <summary>Those that concern inputs and tables, on Spark.</summary>
public abstract class CasesOnSparkTests(SparkDesk desk)
{
    /// <summary>Cases of what a Spark release reads in its own way: tables and vectors.</summary>
    protected static IEnumerable<string> ReadByTheRelease => CaseFile.Names(onSpark: true).Where(n => n.StartsWith("tables/", StringComparison.Ordinal)
        || n.StartsWith("vectors/", StringComparison.Ordinal));

    protected void Require(string name) => new CaseRun(CaseFile.Read(name), "spark", new CommandBackend(StepComposition.All, Open)).Require();

    private Engine.IEngine Open(Cli.Backend.Session session, Engine.EngineAccess access) => session.Engine == "spark" && access != Engine.EngineAccess.Read
        ? desk.OpenShipped(session.Options.Tables)
        : EngineFactory.Open(session, access);
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CasesOnSpark35Tests(Spark35Desk desk) : CasesOnSparkTests(desk)
{
    public static TheoryData<string> Names => [.. CaseFile.Names(onSpark: true)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outcome_is_as_expected(string name) => Require(name);
}

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CasesOnSpark40Tests(Spark40Desk desk) : CasesOnSparkTests(desk)
{
    public static TheoryData<string> Names => [.. ReadByTheRelease];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outcome_is_as_expected(string name) => Require(name);
}

/// <summary>The others, which CI runs on Spark 3.5 only.</summary>
[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class OtherCasesOnSpark40Tests(Spark40Desk desk) : CasesOnSparkTests(desk)
{
    public static TheoryData<string> Names => [.. CaseFile.Names(onSpark: true).Except(ReadByTheRelease)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outcome_is_as_expected(string name) => Require(name);
}
