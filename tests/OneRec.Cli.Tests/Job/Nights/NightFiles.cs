using System.Globalization;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine.Tables;
using ParquetSharp.Arrow;

namespace OneRec.Cli.Tests.Job.Nights;

/// <summary>Writes catalogues and vectors.</summary>
internal static class NightFiles
{
    /// <summary>Number of groups of alike vectors.</summary>
    public const int Topics = 20;

    private const int Dimensions = 16;

    private static readonly Schema Columns = new(
        [new Field("item_id", Int64Type.Default, false), new Field("embedding", ArrowTypes.ListOf(FloatType.Default), false)], null);

    /// <summary>The topic of a vector.</summary>
    public static int TopicOf(long vector) => (int)(vector / 1_000 % Topics);

    /// <summary>Writes a catalogue as CSV.</summary>
    public static void WriteItems(string path, IEnumerable<(long Id, ItemContent Content, bool Removed)> items)
    {
        var text = new StringBuilder("item_id,title,removed\n");
        foreach ((long id, ItemContent content, bool removed) in items)
        {
            text.Append(CultureInfo.InvariantCulture, $"{id},Item {id} in version {content.Title},{(removed ? 1 : 0)}\n");
        }

        File.WriteAllText(path, text.ToString());
    }

    /// <summary>Writes the vectors of those items that have one as Parquet.</summary>
    public static void WriteVectors(string path, IEnumerable<(long Id, ItemContent Content)> items)
    {
        (long Id, long Vector)[] there = [.. items.Where(i => i.Content.Vector is not null).Select(i => (i.Id, i.Content.Vector!.Value))];
        float[] values = [.. there.SelectMany(i => Vector(i.Vector))];
        var offsets = new ArrowBuffer.Builder<int>(there.Length + 1);
        offsets.AppendRange(Enumerable.Range(0, there.Length + 1).Select(i => i * Dimensions));
        var floats = new FloatArray(new ArrowBuffer.Builder<float>(values.Length).Append(values).Build(), ArrowBuffer.Empty, values.Length, 0, 0);
        var lists = new ListArray((ListType)Columns.FieldsList[1].DataType, there.Length, offsets.Build(), floats, ArrowBuffer.Empty, 0);
        using var batch = new RecordBatch(Columns, [new Int64Array.Builder().AppendRange(there.Select(i => i.Id)).Build(), lists], there.Length);
        using var writer = new FileWriter(path, Columns);
        writer.WriteRecordBatch(batch);
        writer.Close();
    }

    // The middle of its topic, and its own.
    private static float[] Vector(long seed)
    {
        var topic = new SplitMix64((ulong)TopicOf(seed));
        var own = new SplitMix64((ulong)seed + 12_345);
        return [.. Enumerable.Range(0, Dimensions).Select(_ => (float)((2 * topic.NextDouble()) - 1 + (0.8 * (own.NextDouble() - 0.5))))];
    }
}
