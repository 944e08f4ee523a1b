using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Kernels.Clustering.Rows;

namespace OneRec.Kernels.Clustering.Batches;

/// <summary>Moves items of overfull codes to the nearest free codes of their prefix (<see cref="CapacityWalk"/>).</summary>
/// <remarks>
/// Input columns by name, the rows of a prefix together, rows with <c>held</c> first, then items in id order:
/// <c>prefix</c>; <c>held</c> long (the number of items that already hold the last code of <c>codes</c>; null for an item
/// to place); <c>item_id</c> and <c>embedding</c> (both null for a held code); <c>codes</c> (an item's nearest). Side input
/// <c>codebook</c>. Output, one row per item: <c>item_id</c>, <c>codes</c>, <c>sid</c>, <c>first_code</c>, <c>error</c>,
/// <c>placed</c> (false if all codes of the prefix are full: <c>codes</c> are then the nearest ones).
/// </remarks>
public sealed class CapacityKernel : IBatchKernel
{
    /// <summary>The kernel's name in the registry.</summary>
    public const string Name = "capacity";

    private const int BatchRows = 8192;

    private readonly long _capacity;

    private CapacityKernel(long capacity) => _capacity = capacity;

    /// <summary>A call of this kernel.</summary>
    /// <param name="id">The type of <c>item_id</c>.</param>
    /// <param name="capacity">Maximum items per ID, at least 1.</param>
    public static KernelCall Call(IArrowType id, long capacity) =>
        new(Name, new JsonObject { ["capacity"] = capacity }, Output(id));

    /// <summary>Creates the kernel.</summary>
    /// <exception cref="ArgumentException">An invalid parameter.</exception>
    public static CapacityKernel Create(JsonObject parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return new CapacityKernel(KernelColumns.Parameter<long>(parameters, "capacity", Name));
    }

    /// <inheritdoc/>
    /// <exception cref="OneRecException">The codebook is damaged, or a prefix does not fit in the memory budget.</exception>
    public IEnumerable<RecordBatch> Run(IEnumerable<RecordBatch> rows, KernelContext context)
    {
        ArgumentNullException.ThrowIfNull(rows);
        ArgumentNullException.ThrowIfNull(context);
        Prefix? places = null;
        string? prefix = null;
        foreach (RecordBatch batch in rows)
        {
            places ??= new Prefix(
                CodebookRows.Read(context.Side(EncodeKernel.CodebookSide)),
                CodebookRows.DimsOf(context.Side(EncodeKernel.CodebookSide)),
                _capacity,
                context);
            var prefixes = (StringArray)KernelColumns.Find(batch, "prefix", Name);
            for (int row = 0; row < batch.Length; row++)
            {
                string next = prefixes.GetString(row);
                if (prefix is not null && next != prefix)
                {
                    places.Assign();
                }

                prefix = next;
                places.Take(batch, row);
            }

            if (places.Ready > BatchRows)
            {
                yield return places.Flush();
            }
        }

        if (places is not null)
        {
            places.Assign();
            yield return places.Flush();
        }
    }

    private static Schema Output(IArrowType id) => new(
        [
            new Field("item_id", id, nullable: false),
            new Field("codes", ListColumns.TypeOf(Int32Type.Default), nullable: false),
            new Field("sid", StringType.Default, nullable: false),
            new Field("first_code", Int32Type.Default, nullable: false),
            new Field("error", FloatType.Default, nullable: false),
            new Field("placed", BooleanType.Default, nullable: false),
        ],
        null);

    // The items and held codes of the current prefix, and the finished rows of the prefixes before it.
    private sealed class Prefix(IReadOnlyList<float[]> levels, int dims, long capacity, KernelContext context)
    {
        private readonly CapacityWalk _walk = new(levels[^1], dims, capacity);
        private readonly long[] _held = new long[levels[^1].Length / dims];
        private readonly List<ItemId> _items = [];
        private readonly List<int[]> _codes = [];
        private readonly List<float> _errors = [];
        private readonly List<bool> _placed = [];
        private readonly List<float> _left = [];
        private IArrowType? _id;

        /// <summary>Items whose codes are final.</summary>
        public int Ready => _placed.Count;

        public void Take(RecordBatch batch, int row)
        {
            var lists = (ListArray)KernelColumns.Find(batch, "codes", Name);
            int[] codes = ((Int32Array)lists.Values).Values.Slice(lists.ValueOffsets[row], lists.GetValueLength(row)).ToArray();
            IArrowArray ids = KernelColumns.Find(batch, "item_id", Name);
            _id = ids.Data.DataType;
            var held = (Int64Array)KernelColumns.Find(batch, "held", Name);
            if (!held.IsNull(row))
            {
                _held[codes[^1]] += held.Values[row];
                return;
            }

            _items.Add(ids is Int64Array numbers ? ItemId.Of(numbers.Values[row]) : ItemId.Of(((StringArray)ids).GetBytes(row)));
            _codes.Add(codes);
            float[] left = VectorColumn.Of(KernelColumns.Find(batch, "embedding", Name))[row].ToArray();
            for (int level = 0; level < codes.Length - 1; level++)
            {
                Residual.Subtract(left, levels[level], codes.AsSpan(level, 1), dims);
            }

            _left.AddRange(left);
            if ((long)_left.Count * sizeof(float) > context.MemoryBudget / 2)
            {
                throw OneRecException.Input(
                    "assign.memory",
                    $"assign.maxItemsPerId: the items of prefix '{string.Join('-', codes[..^1])}' do not fit in half of "
                    + $"{context.MemoryBudget >> 20} MiB; raise memoryLimit, or train more codes at the levels before the last");
            }
        }

        /// <summary>Assigns codes to the items of the prefix.</summary>
        public void Assign()
        {
            int first = _placed.Count;
            int n = _items.Count - first;
            var codes = new int[n];
            var errors = new double[n];
            int[] nearest = [.. _codes.Skip(first).Select(c => c[^1])];
            _walk.Fill(CollectionsMarshal.AsSpan(_left), nearest, _held, codes, errors, context.Cancellation);
            for (int item = 0; item < n; item++)
            {
                _placed.Add(codes[item] >= 0);
                _codes[first + item][^1] = codes[item] >= 0 ? codes[item] : nearest[item];
                _errors.Add((float)errors[item]);
            }

            _left.Clear();
            System.Array.Clear(_held);
        }

        public RecordBatch Flush()
        {
            int n = Ready;
            var sids = new StringArray.Builder();
            var placed = new BooleanArray.Builder();
            for (int item = 0; item < n; item++)
            {
                sids.Append(string.Join('-', _codes[item]));
                placed.Append(_placed[item]);
            }

            var batch = new RecordBatch(
                Output(_id!),
                [
                    IdColumn.Build(_id!, _items.Take(n).Select(i => (ItemId?)i)),
                    ListColumns.Ints([.. _codes.Take(n).SelectMany(c => c)], n),
                    sids.Build(),
                    new Int32Array.Builder().AppendRange(_codes.Take(n).Select(c => c[0])).Build(),
                    new FloatArray.Builder().AppendRange(_errors).Build(),
                    placed.Build(),
                ],
                n);
            _items.RemoveRange(0, n);
            _codes.RemoveRange(0, n);
            _errors.Clear();
            _placed.Clear();
            return batch;
        }
    }
}
