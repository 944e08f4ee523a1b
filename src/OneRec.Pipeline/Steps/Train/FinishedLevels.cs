using System.Runtime.InteropServices;
using System.Security.Cryptography;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>
/// The levels of one training that are done, kept beside the tables until the codebook is committed, so that a killed
/// training goes on with the level after them and ends with the same bits.
/// </summary>
/// <param name="context">The run.</param>
/// <param name="fingerprint">The training's: levels of another are not used.</param>
internal sealed class FinishedLevels(StepContext context, string fingerprint)
{
    private const string Step = "train";

    /// <summary>The levels from 0 on that are there, whole and of this training.</summary>
    /// <param name="levels">Levels of the training.</param>
    public IEnumerable<FinishedLevel> Load(int levels)
    {
        for (int level = 0; level < levels; level++)
        {
            if (context.Engine.Checkpoints.Load(Step, NameOf(level)) is not { } bytes)
            {
                yield break;
            }

            if (!FinishedLevel.IsWhole(bytes))
            {
                context.Observer.Told(Step, $"the saved level {level} of an interrupted run is damaged and is trained again");
                yield break;
            }

            if (FinishedLevel.Read(bytes, fingerprint, level) is not { } finished)
            {
                context.Observer.Told(Step, $"the saved level {level} is of other inputs or options and is not used");
                yield break;
            }

            yield return finished;
        }
    }

    /// <summary>Saves a level.</summary>
    public void Save(int level, FinishedLevel finished) =>
        context.Engine.Checkpoints.Save(Step, NameOf(level), finished.Write(fingerprint, level));

    /// <summary>Removes all levels: the codebook is committed.</summary>
    public void Clear() => context.Engine.Checkpoints.Clear(Step);

    private static string NameOf(int level) => $"level-{level}";
}

/// <summary>A level whose training is done: all that the levels after it need to know.</summary>
/// <param name="Dims">Numbers of a vector.</param>
/// <param name="Median">The median norm of level 0, by which outliers of deeper levels are judged.</param>
/// <param name="Trained">Centroids, items and iterations.</param>
internal sealed record FinishedLevel(int Dims, double Median, TrainedLevel Trained)
{
    // The layout is named, so that a program of another layout does not read it.
    private const string Layout = "onerec.train.level/1";

    /// <summary>The bytes of a level, little-endian: layout, fingerprint, level, content, then the SHA-256 of all that.</summary>
    /// <param name="fingerprint">The work that the level is of.</param>
    /// <param name="level">From 0.</param>
    public byte[] Write(string fingerprint, int level)
    {
        using var bytes = new MemoryStream();
        using var writer = new BinaryWriter(bytes);
        writer.Write(Layout);
        writer.Write(fingerprint);
        writer.Write(level);
        writer.Write(Dims);
        writer.Write(Median);
        writer.Write(Trained.Items.Length);
        writer.Write(MemoryMarshal.AsBytes(Trained.Items.AsSpan()));
        writer.Write(MemoryMarshal.AsBytes(Trained.Centroids.AsSpan()));
        writer.Write(Trained.Iterations.Count);
        foreach (IterationRecord iteration in Trained.Iterations)
        {
            writer.Write((int)iteration.Phase);
            writer.Write(iteration.Objective);
            writer.Write(iteration.Starved);
            writer.Write(iteration.Given);
        }

        writer.Write(SHA256.HashData(bytes.GetBuffer().AsSpan(0, (int)bytes.Length)));
        return bytes.ToArray();
    }

    /// <summary>Whether the bytes are whole: those that <see cref="Write"/> gave.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> bytes) =>
        bytes.Length > SHA256.HashSizeInBytes
        && SHA256.HashData(bytes[..^SHA256.HashSizeInBytes]).AsSpan().SequenceEqual(bytes[^SHA256.HashSizeInBytes..]);

    /// <summary>Reads whole bytes; null where they are of other work, another level or another layout.</summary>
    public static FinishedLevel? Read(byte[] bytes, string fingerprint, int level)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadString() != Layout || reader.ReadString() != fingerprint || reader.ReadInt32() != level)
        {
            return null;
        }

        int dims = reader.ReadInt32();
        double median = reader.ReadDouble();
        var items = new long[reader.ReadInt32()];
        var centroids = new float[items.Length * dims];
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(items.AsSpan()));
        reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(centroids.AsSpan()));
        var iterations = new IterationRecord[reader.ReadInt32()];
        for (int i = 0; i < iterations.Length; i++)
        {
            iterations[i] = new IterationRecord(
                i, (TrainingPhase)reader.ReadInt32(), reader.ReadDouble(), reader.ReadInt32(), reader.ReadInt32());
        }

        return new FinishedLevel(dims, median, new TrainedLevel(centroids, items, iterations));
    }
}
