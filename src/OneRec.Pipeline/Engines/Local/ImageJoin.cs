using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Tables;

namespace OneRec.Pipeline.Engines.Local;

/// <summary>
/// Adds images to rows by <c>item_id</c>. The rows (ids and texts) are held; images go by in slices, and an item is handed
/// on as soon as its last image was seen.
/// </summary>
/// <remarks>
/// Where a file's images of one item lie together, few are held at once. Where they are scattered so widely that the images
/// of items that are not complete would exceed the memory, those begun last are let go and read in another pass.
/// </remarks>
internal sealed class ImageJoin
{
    /// <summary>The column that is added.</summary>
    public const string Column = "images";

    private const long BatchBytes = 16L << 20;
    private const int BatchRows = 4_096;

    private readonly LocalRelation _rows;
    private readonly ImageSource _source;
    private readonly long _budget;
    private readonly Schema _schema;
    private readonly CancellationToken _cancellation;

    private ImageJoin(LocalRelation rows, ImageSource source, long budget, CancellationToken cancellation)
    {
        _rows = rows;
        _source = source;
        _budget = budget;
        _cancellation = cancellation;
        _schema = new Schema(
            [.. rows.Schema.FieldsList, new Field(Column, OneRecTables.ListOf(BinaryType.Default), nullable: true)], null);
    }

    /// <summary>The rows with one more column of images; rows without any have null there and come last.</summary>
    /// <param name="rows">Rows with <c>item_id</c>.</param>
    /// <param name="source">The images.</param>
    /// <param name="memory">Bytes that a kernel may hold: a quarter of them may be images of items that are not complete.</param>
    /// <param name="scratch">For whoever reads the rows by SQL.</param>
    /// <param name="cancellation">Stops it.</param>
    public static LocalRelation Attach(
        LocalRelation rows, ImageSource source, long memory, Scratch scratch, CancellationToken cancellation)
    {
        var join = new ImageJoin(rows, source, memory / 4, cancellation);
        return new ProducedRelation(join._schema, join.Batches, scratch);
    }

    private IEnumerable<RecordBatch> Batches()
    {
        int idColumn = _rows.Schema.GetFieldIndex("item_id");
        using var held = new HeldRows(_rows.Batches(), idColumn);
        ImageFile[] files = [.. _source.Files.Select(ImageFile.Open)];
        var gathering = new ImageGathering(held, idColumn, Counts(files, held), _budget);
        while (gathering.Begin())
        {
            foreach (ImageFile file in files)
            {
                foreach (ImageSlice slice in file.Images())
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

    // How many images each row has: known first, so that an item is complete when its last one was seen.
    private int[] Counts(ImageFile[] files, HeldRows held)
    {
        var counts = new int[held.Count];
        foreach (ImageFile file in files)
        {
            foreach (ImageSlice slice in file.Keys())
            {
                using (slice)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    for (int i = 0; i < slice.Count; i++)
                    {
                        if (slice.Row(held, i) is { } row)
                        {
                            counts[row]++;
                        }
                    }
                }
            }
        }

        return counts;
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
