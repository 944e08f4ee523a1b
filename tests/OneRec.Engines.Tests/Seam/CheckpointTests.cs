using OneRec.Engine;
using OneRec.Engines.Tests.Desks;
using OneRec.Testing;

namespace OneRec.Engines.Tests.Seam;

/// <summary>What a step saves is there for the next process, whole, until it is removed.</summary>
public abstract class CheckpointTests(EngineDesk desk)
{
    [Fact]
    public void What_is_saved_last_is_there_for_the_next_engine_until_it_is_cleared()
    {
        using var tables = new ScratchFolder();
        byte[] bytes = [.. Enumerable.Range(0, 100_000).Select(i => (byte)i)];
        using (IEngine engine = desk.Open(tables.Path))
        {
            Assert.Null(engine.Checkpoints.Load("train", "level-0"));
            engine.Checkpoints.Clear("train");
            engine.Checkpoints.Save("train", "level-0", [1, 2, 3]);
            engine.Checkpoints.Save("train", "level-0", bytes);
            engine.Checkpoints.Save("train", "level-1", []);
            engine.Checkpoints.Save("other", "level-0", [9]);
        }

        using IEngine next = desk.Open(tables.Path);
        Assert.Equal(bytes, next.Checkpoints.Load("train", "level-0")!);
        Assert.Equal([], next.Checkpoints.Load("train", "level-1")!);
        next.Checkpoints.Clear("train");
        Assert.Null(next.Checkpoints.Load("train", "level-0"));
        Assert.Equal([9], next.Checkpoints.Load("other", "level-0")!);
    }

    [Fact]
    public void Name_that_is_taken_is_not_given_again_and_names_are_listed()
    {
        using var tables = new ScratchFolder();
        using IEngine engine = desk.Open(tables.Path);
        Assert.Empty(engine.Checkpoints.Names("leases"));
        Assert.True(engine.Checkpoints.TryCreate("leases", "0.1", [1]));
        Assert.False(engine.Checkpoints.TryCreate("leases", "0.1", [2]));
        Assert.True(engine.Checkpoints.TryCreate("leases", "12.1", [3]));
        Assert.Equal([1], engine.Checkpoints.Load("leases", "0.1")!);
        engine.Checkpoints.Save("leases", "0.1", [4]);
        Assert.Equal([4], engine.Checkpoints.Load("leases", "0.1")!);
        Assert.Equal(["0.1", "12.1"], engine.Checkpoints.Names("leases").Order(StringComparer.Ordinal));
        engine.Checkpoints.Clear("leases");
        Assert.Empty(engine.Checkpoints.Names("leases"));
        Assert.True(engine.Checkpoints.TryCreate("leases", "0.1", [5]));
    }
}

public sealed class CheckpointsOnLocalTests() : CheckpointTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CheckpointsOnSpark35Tests(Spark35Desk desk) : CheckpointTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class CheckpointsOnSpark40Tests(Spark40Desk desk) : CheckpointTests(desk);
