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
    public static TheoryData<string> Names => [.. CaseFile.Names(onSpark: true)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Outcome_is_as_expected(string name) =>
        new CaseRun(CaseFile.Read(name), "spark", new CommandBackend(StepComposition.All, Open)).Require();

    private Engine.IEngine Open(Cli.Backend.Session session, bool readOnly) => session.Engine == "spark" && !readOnly
        ? desk.OpenShipped(session.Options.Tables)
        : EngineFactory.Open(session, readOnly);
}

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CasesOnSpark35Tests(Spark35Desk desk) : CasesOnSparkTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CasesOnSpark40Tests(Spark40Desk desk) : CasesOnSparkTests(desk);
