using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine.Local.Relations;
using OneRec.Engine.Local.Vectors;

namespace OneRec.Engine.Local.Images;

/// <summary>
/// Adds images to rows by <c>item_id</c>. The rows (ids and texts) are held in memory; images are read in slices, and an item
/// is returned as soon as its last image was read.
/// </summary>
/// <remarks>
/// If the images of an item are stored together, few are held at once. If they are scattered so widely that the images of
/// incomplete items would exceed the memory, those of the items started last are dropped and read in another pass.
/// </remarks>
internal sealed class ImageJoin
{
    /// <summary>The added column.</summary>
    public const string Column = "images";

    private const long BatchBytes = 16L << 20;
    private const int BatchRows = 4_096;

    private readonly LocalRelation _rows;
    private readonly ImageFiles _source;
    private readonly long _budget;
    private readonly Schema _schema;
    private readonly CancellationToken _cancellation;

    private ImageJoin(LocalRelation rows, ImageFiles source, long budget, CancellationToken cancellation)
    {
        _rows = rows;
        _source = source;
        _budget = budget;
        _cancellation = cancellation;
        _schema = new Schema(
            [.. rows.Schema.FieldsList, new Field(Column, ArrowTypes.ListOf(BinaryType.Default), nullable: true)], null);
    }

    /// <summary>The rows with a column of images; rows without images have null there and come last.</summary>
    /// <param name="rows">Rows with <c>item_id</c>.</param>
    /// <param name="source">The images.</param>
    /// <param name="memory">Memory of a kernel in bytes; images of incomplete items may use a quarter of it.</param>
    /// <param name="scratch">Scratch for SQL that reads the rows.</param>
    /// <param name="cancellation">Stops the join.</param>
    public static LocalRelation Attach(
        LocalRelation rows, ImageFiles source, long memory, Scratch scratch, CancellationToken cancellation)
    {
        var join = new ImageJoin(rows, source, memory / 4, cancellation);
        return new ProducedRelation(join._schema, join.Batches, scratch);
    }

    private IEnumerable<RecordBatch> Batches()
    {
        using var held = new HeldRows(_rows.Batches(), _rows.Schema);
        ImageFile[] files = [.. _source.Files.Select(f => ImageFile.Open(f, _source))];
        (int[] counts, int[][] groups) = Look(files, held);
        var gathering = new ImageGathering(held, counts, _budget);
        while (gathering.Begin())
        {
            for (int file = 0; file < files.Length; file++)
            {
                foreach (ImageSlice slice in groups[file].Length == 0 ? [] : files[file].Images(groups[file]))
                {
                    using (slice)
                    {
                        _cancellation.ThrowIfCancellationRequested();
                        gathering.Take(slice);
                    }

                    if (gathering.ReadyBytes >= BatchBytes || gathering.ReadyRows >= BatchRows)
                    {
                        yield return Build(held, gathering.Ready());
                    }
                }
            }

            if (gathering.ReadyRows > 0)
            {
                yield return Build(held, gathering.Ready());
            }
        }

        foreach (int[] without in gathering.Without().Chunk(BatchRows))
        {
            yield return Build(held, [.. without.Select(row => (row, (byte[]?[]?)null))]);
        }
    }

    // The number of images of each row, needed to know when an item is complete, and the row groups that have any of them.
    private (int[] Counts, int[][] Groups) Look(ImageFile[] files, HeldRows held)
    {
        var counts = new int[held.Count];
        var groups = new List<int>[files.Length];
        for (int file = 0; file < files.Length; file++)
        {
            groups[file] = [];
            for (int group = 0; group < files[file].Groups; group++)
            {
                if (Count(files[file].Keys(group), held, counts))
                {
                    groups[file].Add(group);
                }
            }
        }

        return (counts, [.. groups.Select(g => g.ToArray())]);
    }

    private bool Count(IEnumerable<ImageSlice> keys, HeldRows held, int[] counts)
    {
        bool any = false;
        foreach (ImageSlice slice in keys)
        {
            using (slice)
            {
                _cancellation.ThrowIfCancellationRequested();
                RequireType(slice);
                for (int i = 0; i < slice.Count; i++)
                {
                    if (slice.Row(held, i) is { } row)
                    {
                        counts[row]++;
                        any = true;
                    }
                }
            }
        }

        return any;
    }

    private void RequireType(ImageSlice slice)
    {
        (string theirs, string ours) = (
            slice.Ids is StringArray ? "STRING" : "BIGINT", _rows.Schema.GetFieldByName("item_id").DataType is StringType ? "STRING" : "BIGINT");
        if (theirs != ours)
        {
            throw OneRecException.Input(
                "input.id-type", $"{slice.File}: item_id is {theirs}, but the catalogue's is {ours}; write it as {ours}");
        }
    }

    private RecordBatch Build(HeldRows held, List<(int Row, byte[]?[]? Images)> items)
    {
        var offsets = new ArrowBuffer.Builder<int>(items.Count + 1).Append(0);
        var valid = new ArrowBuffer.BitmapBuilder(items.Count);
        var bytes = new BinaryArray.Builder();
        int nulls = 0;
        int count = 0;
        foreach ((int _, byte[]?[]? images) in items)
        {
            nulls += images is null ? 1 : 0;
            foreach (byte[]? image in images ?? [])
            {
                count++;
                _ = image is null ? bytes.AppendNull() : bytes.Append(image.AsSpan());
            }

            valid.Append(images is not null);
            offsets.Append(count);
        }

        var list = new ListArray(
            _schema.FieldsList[^1].DataType,
            items.Count,
            offsets.Build(),
            bytes.Build(),
            nulls == 0 ? ArrowBuffer.Empty : valid.Build(),
            nulls);
        return new RecordBatch(_schema, [.. held.Gather([.. items.Select(i => i.Row)]), list], items.Count);
    }
}
