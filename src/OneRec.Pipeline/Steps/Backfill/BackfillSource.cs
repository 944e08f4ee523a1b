using System.Globalization;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Columns;
using OneRec.Inputs.Sources;
using OneRec.Kernels.Hashing;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Steps.Ingest;

namespace OneRec.Pipeline.Steps.Backfill;

/// <summary>A slice of the catalogue.</summary>
/// <param name="Number">Its number: 0 for the first.</param>
/// <param name="Name">What <c>backfill.by</c> gives its items; the number for a range of hashes.</param>
/// <param name="Items">Number of items.</param>
internal sealed record BackfillSlice(int Number, string Name, long Items)
{
    /// <summary>The name for messages.</summary>
    public string Title => Name.Length == 0 ? "(none)" : Name;
}

/// <summary>The historical catalogue, read once and kept in scratch by slice.</summary>
internal sealed class BackfillSource : IDisposable
{
    /// <summary>The purpose of the hash that divides items.</summary>
    private const string Purpose = "backfill";

    // Hexadecimal digits of the hash that divide items, and how many values they have.
    private const int Digits = 3;
    private const int MostRanges = 1 << (4 * Digits);

    private const int MostSlices = 10_000;

    private readonly IMaterializedRelation _rows;

    private BackfillSource(IMaterializedRelation rows, IReadOnlyList<BackfillSlice> slices, IArrowType idType, IReadOnlyList<BadRow> badRows) =>
        (_rows, Slices, IdType, BadRows) = (rows, slices, idType, badRows);

    /// <summary>The slices that have items, in order.</summary>
    public IReadOnlyList<BackfillSlice> Slices { get; }

    /// <summary>The type of <c>item_id</c>.</summary>
    public IArrowType IdType { get; }

    /// <summary>Rows of the catalogue that cannot be parsed; empty if bad rows are an error.</summary>
    public IReadOnlyList<BadRow> BadRows { get; }

    /// <summary>All items: <c>item_id</c>, the texts, <c>content_hash</c>, <c>slice</c>.</summary>
    public IRelation Rows => _rows;

    /// <summary>Reads the catalogue.</summary>
    /// <exception cref="OneRecException">As for <see cref="ItemCatalogue.Open"/>; or <c>backfill.by</c> gives too many values (exit 2).</exception>
    public static BackfillSource Open(StepRun run, BackfillOptions options)
    {
        IQueryEngine engine = run.Engine;
        var range = new SliceRange(options.From, options.To);
        var cut = new CatalogueSlices(options.By, "backfill.by", range.Contains);
        using ItemCatalogue catalogue = ItemCatalogue.Open(
            engine, run.Options.Input, run.Options.Section<IngestOptions>().Version, run.Clock, cut);
        ItemIds.RequireAlike(catalogue.ItemIds, run.Input("items").State);
        foreach (string notice in catalogue.Notices)
        {
            run.Report(notice);
        }

        IRelation hashed = engine.Map(catalogue.Items, ContentHashKernel.Call(catalogue.IdType), PartitionShape.Any);
        SqlArgument label = options.By is null
            ? OrderHash.Start(run.Options.Seed, Purpose, Digits, "items.item_id")
            : new SqlArgument.Expression("coalesce(items.slice, '')");
        using IMaterializedRelation named = engine.Materialize(engine.Sql(
            SqlScript.Load(typeof(BackfillSource), "labelled_items.sql").With("label", label),
            ("hashed", hashed),
            ("items", catalogue.Items)));
        (string Label, long Items)[] labels = [.. Labels(engine, named)];
        (IReadOnlyList<BackfillSlice> slices, IReadOnlyDictionary<string, int> numbers) =
            options.By is null ? Ranges(labels, options.SliceItems, range) : Named(labels, options.By, range);
        if (slices.Count == 0)
        {
            throw OneRecException.Input(
                "backfill.no-slices",
                $"{catalogue.Source} has no items in the slices from {options.From ?? "the first"} to {options.To ?? "the last"}; "
                + $"its slices are {(labels.Length == 0 ? "none" : Span(options, labels))}");
        }

        IMaterializedRelation rows = engine.Materialize(
            engine.Sql(SqlScript.Load(typeof(BackfillSource), "sliced_items.sql"), ("items", named), ("labels", NumbersOf(engine, numbers))),
            new ScratchLayout("slice", ["item_id"]));
        return new BackfillSource(rows, slices, catalogue.IdType, catalogue.BadRows);
    }

    /// <summary>The items of a slice.</summary>
    public IRelation Of(BackfillSlice slice) => _rows.Part(slice.Number);

    /// <inheritdoc/>
    public void Dispose() => _rows.Dispose();

    private static IEnumerable<(string Label, long Items)> Labels(IQueryEngine engine, IRelation named) => RowReader
        .Read(engine.Collect(engine.Sql(
            SqlScript.Load(typeof(BackfillSource), "slice_labels.sql").With("limit", (long)MostSlices + 1), ("items", named))))
        .Select(row => ((string)row[0]!, (long)row[1]!));

    /// <summary>Ranges of equal width of the hash: a range holds about as many items as wanted.</summary>
    private static (IReadOnlyList<BackfillSlice> Slices, IReadOnlyDictionary<string, int> Numbers) Ranges(
        (string Label, long Items)[] labels, long sliceItems, SliceRange range)
    {
        long items = labels.Sum(l => l.Items);
        int count = (int)Math.Clamp((items + sliceItems - 1) / sliceItems, 1, MostRanges);
        var ranges = labels
            .Select(l => (l.Label, l.Items, Number: (int)((long)int.Parse(l.Label, NumberStyles.HexNumber, CultureInfo.InvariantCulture) * count / MostRanges)))
            .Where(l => range.Contains(NameOf(l.Number)))
            .ToList();
        return (
            [.. ranges.GroupBy(l => l.Number, l => l.Items).OrderBy(g => g.Key).Select(g => new BackfillSlice(g.Key, NameOf(g.Key), g.Sum()))],
            ranges.ToDictionary(l => l.Label, l => l.Number, StringComparer.Ordinal));
    }

    private static (IReadOnlyList<BackfillSlice> Slices, IReadOnlyDictionary<string, int> Numbers) Named(
        (string Label, long Items)[] labels, string by, SliceRange range)
    {
        if (labels.Length > MostSlices)
        {
            throw OneRecException.Configuration(
                "backfill.by",
                $"backfill.by={by} gives more than {MostSlices:N0} different values; group them, as substr(added_on, 1, 7) groups days by month");
        }

        System.Array.Sort(labels, (a, b) => SliceRange.Compare(a.Label, b.Label));
        BackfillSlice[] slices = [.. labels.Where(l => range.Contains(l.Label)).Select((l, number) => new BackfillSlice(number, l.Label, l.Items))];
        return (slices, slices.ToDictionary(s => s.Name, s => s.Number, StringComparer.Ordinal));
    }

    private static IRelation NumbersOf(IQueryEngine engine, IReadOnlyDictionary<string, int> numbers)
    {
        var schema = new Schema([new Field("label", StringType.Default, false), new Field("slice", Int32Type.Default, false)], null);
        return engine.FromRows(schema, [RowReader.Build(schema, [.. numbers.Select(n => new object?[] { n.Key, n.Value })])]);
    }

    private static string NameOf(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Span(BackfillOptions options, (string Label, long Items)[] labels) => options.By is null
        ? "numbers from 0"
        : $"{labels[0].Label} to {labels[^1].Label}";
}
