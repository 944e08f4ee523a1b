using System.Runtime.InteropServices;
using OneRec.Kernels.Clustering.Training;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Steps.Train;

/// <summary>
/// Checkpoints of the finished levels of a training, kept next to the tables until the codebook is committed, so that
/// an interrupted training continues with the next level and gives the same bits.
/// </summary>
/// <param name="run">The run.</param>
/// <param name="fingerprint">Fingerprint of the training: levels with another one are not used.</param>
internal sealed class FinishedLevels(StepRun run, string fingerprint)
{
    /// <summary>
    /// The saved levels from level 0 on, up to the first that is missing, damaged or of another training.
    /// </summary>
    /// <param name="levels">Number of levels of the training.</param>
    public IEnumerable<FinishedLevel> Load(int levels)
    {
        for (int level = 0; level < levels; level++)
        {
            if (run.Checkpoints.Load(run.Step, NameOf(level)) is not { } bytes)
            {
                yield break;
            }

            if (!SealedBytes.IsIntact(bytes))
            {
                run.Report($"saved level {level} of an interrupted run is damaged; training it again");
                yield break;
            }

            if (FinishedLevel.Read(bytes, fingerprint, level) is not { } finished)
            {
                run.Report($"saved level {level} is from other inputs or options; ignoring it");
                yield break;
            }

            yield return finished;
        }
    }

    /// <summary>Saves a level.</summary>
    public void Save(int level, FinishedLevel finished) =>
        run.Checkpoints.Save(run.Step, NameOf(level), finished.Write(fingerprint, level));

    /// <summary>Removes all saved levels, once the codebook is committed.</summary>
    public void Clear() => run.Checkpoints.Clear(run.Step);

    private static string NameOf(int level) => $"level-{level}";
}

/// <summary>A finished level, with everything the next levels need.</summary>
/// <param name="Dims">Dimensions of a vector.</param>
/// <param name="Median">The median norm at level 0, by which outliers at deeper levels are detected.</param>
/// <param name="Trained">Centroids, items and iterations.</param>
internal sealed record FinishedLevel(int Dims, double Median, TrainedLevel Trained)
{
    // The layout's name is part of the bytes, so that a program with another layout does not read them.
    private const string Layout = "onerec.train.level/1";

    /// <summary>
    /// Serializes the level, little-endian: layout, fingerprint, level, content, then the SHA-256 of all that.
    /// </summary>
    /// <param name="fingerprint">Fingerprint of the training.</param>
    /// <param name="level">The level, from 0.</param>
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

        return SealedBytes.Seal(bytes);
    }

    /// <summary>Reads intact bytes; returns null if they are from another training, level or layout.</summary>
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
