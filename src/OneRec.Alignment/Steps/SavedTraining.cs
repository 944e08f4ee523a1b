using System.Runtime.InteropServices;
using OneRec.Alignment.Training;
using OneRec.Pipeline.Running;

namespace OneRec.Alignment.Steps;

/// <summary>The checkpoint of a training: everything that its next step and its end depend on.</summary>
/// <param name="State">Weights and moments.</param>
/// <param name="Points">The curves so far.</param>
/// <param name="Best">The best state so far; null if none was validated.</param>
internal sealed record SavedTraining(TrainingState State, IReadOnlyList<CurvePoint> Points, BestState? Best)
{
    // The layout's name is part of the bytes, so that a program with another layout does not read them.
    private const int Slack = 1 << 20;
    private const string Layout = "onerec.align/2";

    /// <summary>Serializes it, little-endian, sealed by a checksum.</summary>
    /// <param name="fingerprint">Fingerprint of the training's plan.</param>
    public byte[] Write(string fingerprint)
    {
        // A stream that grows would be held twice while it does.
        long floats = State.Weights.Sum(s => s.Sum(a => (long)a.Length)) + State.Moments.Sum(a => (long)a.Length) + (Best?.Weights.Sum(a => (long)a.Length) ?? 0);
        using var bytes = new MemoryStream((int)Math.Min(Array.MaxLength, (sizeof(float) * floats) + Slack));
        using var writer = new BinaryWriter(bytes);
        writer.Write(Layout);
        writer.Write(fingerprint);
        writer.Write(State.Done);
        writer.Write(State.Weights.Count);
        foreach (IReadOnlyList<float[]> set in State.Weights)
        {
            Write(writer, set);
        }

        Write(writer, State.Moments);
        writer.Write(Points.Count);
        foreach (CurvePoint point in Points)
        {
            writer.Write(point.Step);
            writer.Write(point.Contrastive);
            writer.Write(point.Caption ?? double.NaN);
            writer.Write(point.Hits ?? double.NaN);
            writer.Write(point.Unseen?.Own ?? double.NaN);
            writer.Write(point.Unseen?.Other ?? double.NaN);
        }

        writer.Write(Best is not null);
        if (Best is not null)
        {
            writer.Write(Best.Step);
            writer.Write(Best.Hits);
            Write(writer, Best.Weights);
        }

        return SealedBytes.Seal(bytes);
    }

    /// <summary>Reads intact bytes; returns null if they are of another training or layout.</summary>
    public static SavedTraining? Read(byte[] bytes, string fingerprint)
    {
        using var reader = new BinaryReader(new MemoryStream(bytes));
        if (reader.ReadString() != Layout || reader.ReadString() != fingerprint)
        {
            return null;
        }

        int done = reader.ReadInt32();
        var weights = new IReadOnlyList<float[]>[reader.ReadInt32()];
        for (int i = 0; i < weights.Length; i++)
        {
            weights[i] = ReadArrays(reader);
        }

        var state = new TrainingState(done, weights, ReadArrays(reader));
        var points = new CurvePoint[reader.ReadInt32()];
        for (int i = 0; i < points.Length; i++)
        {
            points[i] = new CurvePoint(reader.ReadInt32(), reader.ReadDouble(), OrNull(reader.ReadDouble()), OrNull(reader.ReadDouble()), ReadPerplexity(reader));
        }

        BestState? best = reader.ReadBoolean() ? new BestState(reader.ReadInt32(), reader.ReadDouble(), ReadArrays(reader)) : null;
        return new SavedTraining(state, points, best);
    }

    private static CaptionPerplexity? ReadPerplexity(BinaryReader reader)
    {
        var read = new CaptionPerplexity(reader.ReadDouble(), reader.ReadDouble());
        return double.IsNaN(read.Own) ? null : read;
    }

    private static double? OrNull(double value) => double.IsNaN(value) ? null : value;

    private static void Write(BinaryWriter writer, IReadOnlyList<float[]> arrays)
    {
        writer.Write(arrays.Count);
        foreach (float[] array in arrays)
        {
            writer.Write(array.Length);
            writer.Write(MemoryMarshal.AsBytes(array.AsSpan()));
        }
    }

    private static float[][] ReadArrays(BinaryReader reader)
    {
        var arrays = new float[reader.ReadInt32()][];
        for (int i = 0; i < arrays.Length; i++)
        {
            arrays[i] = new float[reader.ReadInt32()];
            reader.BaseStream.ReadExactly(MemoryMarshal.AsBytes(arrays[i].AsSpan()));
        }

        return arrays;
    }
}
