using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Pipeline.Tables;

namespace OneRec.Export.Ids;

/// <summary>
/// The IDs of one codebook, at one version of each table. Rows come in order and in parts, so that neither engine ever
/// brings more than a part of them to the driver.
/// </summary>
public sealed class ExportedIds : IDisposable
{
    private const int DefaultPartRows = 100_000;

    private readonly IEngine _engine;
    private readonly IRelation _ids;
    private readonly IRelation? _items;
    private readonly IRelation? _similarity;
    private readonly TwinPolicy _twins;
    private readonly int _partRows;
    private readonly List<IMaterializedRelation> _kept = [];
    private readonly Action<string, long, long> _progress;
    private readonly CancellationToken _cancellation;

    private ExportedIds(
        IEngine engine,
        IRelation ids,
        IRelation? items,
        IRelation? similarity,
        TwinPolicy twins,
        int partRows,
        Action<string, long, long> progress,
        CancellationToken cancellation)
    {
        (_engine, _ids, _items, _similarity, _twins, _partRows, _progress, _cancellation) = (engine, ids, items, similarity, twins, partRows, progress, cancellation);
    }

    /// <summary>Where the IDs come from.</summary>
    public required IdOrigin Origin { get; init; }

    /// <summary>How many there are.</summary>
    public required IdCounts Counts { get; init; }

    /// <summary>Number of codes of each level of an exported ID; with <see cref="TwinPolicy.Slot"/> the last is that of slots.</summary>
    public required IReadOnlyList<int> Sizes { get; init; }

    /// <summary>Levels of the codebook, without slots.</summary>
    public required int CodebookLevels { get; init; }

    /// <summary>Whether item ids are texts; otherwise they are whole numbers.</summary>
    public bool HasTextIds => _ids.Schema.GetFieldByName("item_id").DataType is StringType;

    /// <summary>Opens the IDs of the codebook that the options choose.</summary>
    /// <param name="engine">The engine; stays open.</param>
    /// <param name="codebook">Option <c>codebook</c>.</param>
    /// <param name="twins">What is done with twins.</param>
    /// <param name="withDeleted">Whether deleted items are exported.</param>
    /// <param name="progress">Gets a phase, the items done and all items.</param>
    /// <param name="cancellation">Ctrl-C.</param>
    /// <param name="partRows">Rows brought to the driver at a time.</param>
    /// <param name="withUsers">Whether rows by codes tell <see cref="ExportedItem.Users"/>.</param>
    /// <exception cref="OneRecException">
    /// There is no such codebook, there are no IDs (exit 2 or 4), or there are twins with <see cref="TwinPolicy.Fail"/> (exit 3).
    /// </exception>
    public static ExportedIds Open(
        IEngine engine,
        string codebook,
        TwinPolicy twins,
        bool withDeleted,
        Action<string, long, long> progress,
        CancellationToken cancellation,
        int partRows = DefaultPartRows,
        bool withUsers = false)
    {
        ArgumentNullException.ThrowIfNull(engine);
        Codebook chosen = CodebookChoice.Resolve(engine, codebook);
        var tables = new PinnedTables(engine);
        IRelation stored = tables.Read("semantic_ids")
            ?? throw OneRecException.Table("export.no-ids", "semantic_ids: there are no IDs yet; run 'onerec run' first");
        int[] sizes = SizesOf(tables, chosen.CodebookId);
        IMaterializedRelation all = engine.Materialize(engine.Sql(
            Script("exported_ids.sql").With("codebook_id", chosen.CodebookId).With("with_deleted", withDeleted ? 1 : 0), ("semantic_ids", stored)));
        long deleted = (long)One(engine, Script("deleted_count.sql").With("codebook_id", chosen.CodebookId), ("semantic_ids", stored))[0]!;
        object?[] before = One(engine, Script("id_counts.sql"), ("ids", all));
        if ((long)before[0]! == 0)
        {
            throw OneRecException.Table(
                "export.no-ids",
                $"semantic_ids: codebook {chosen.CodebookId} has no IDs"
                + (deleted > 0 ? $" but those of {deleted} deleted items; add --deleted to export these" : "; run 'onerec assign' first"));
        }

        RequireOneIdAnItem(engine, all);
        RequireNoTwins(engine, all, before, twins);
        IRelation ids = twins == TwinPolicy.First ? engine.Materialize(engine.Sql(Script("first_of_twins.sql"), ("ids", all))) : all;
        object?[] after = twins == TwinPolicy.First ? One(engine, Script("id_counts.sql"), ("ids", ids)) : before;
        int highest = (int)(long)after[4]!;
        var counts = new IdCounts(
            (long)after[0]!,
            twins == TwinPolicy.Slot ? (long)after[0]! : (long)after[1]!,
            (long)before[2]!,
            (long)before[3]!,
            (long)before[0]! - (long)after[0]!,
            highest,
            twins == TwinPolicy.Slot ? 1 : (long)after[5]!,
            deleted);
        var open = new ExportedIds(engine, ids, tables.Read("items"), withUsers ? tables.Read("item_similarity") : null, twins, partRows, progress, cancellation)
        {
            Origin = new IdOrigin(chosen.CodebookId, chosen.ModelId, chosen.Published, GenerationOf(tables, chosen.CodebookId), tables.DataVersions),
            Counts = counts,
            Sizes = twins == TwinPolicy.Slot ? [.. sizes, highest + 1] : sizes,
            CodebookLevels = sizes.Length,
        };
        open._kept.AddRange(ids == all ? [all] : [all, (IMaterializedRelation)ids]);
        return open;
    }

    /// <summary>The items in the order of their ids, texts by their bytes in UTF-8.</summary>
    /// <param name="phase">What the rows are for, in progress.</param>
    /// <param name="withTexts">Whether titles and captions are read.</param>
    public IEnumerable<ExportedItem> ByItem(string phase, bool withTexts = false)
    {
        IRelation numbered = Numbered("item_id ASC NULLS FIRST");
        return InParts(phase, withTexts && _items is not null ? _engine.Sql(Script("with_texts.sql"), ("ids", numbered), ("items", _items)) : numbered);
    }

    /// <summary>The items in the order of their codes, those with the same codes in the order of their slots.</summary>
    /// <param name="phase">What the rows are for, in progress.</param>
    public IEnumerable<ExportedItem> ByCodes(string phase)
    {
        IRelation numbered = Numbered("codes ASC NULLS FIRST, slot ASC NULLS FIRST");
        return InParts(phase, _similarity is null ? numbered : _engine.Sql(Script("with_users.sql"), ("ids", numbered), ("similarity", _similarity)));
    }

    private IRelation Numbered(string order) => _engine.Sql(
        Script("numbered_ids.sql").With("rows", _partRows).With("order", new SqlArgument.Expression(order)), ("ids", _ids));

    /// <inheritdoc/>
    public void Dispose() => _kept.ForEach(k => k.Dispose());

    private static SqlScript Script(string name) => SqlScript.Load(typeof(ExportedIds), name);

    private static List<object?[]> Rows(IEngine engine, SqlScript script, (string, IRelation) rows) => RowReader.Read(engine.Collect(engine.Sql(script, rows)));

    private static object?[] One(IEngine engine, SqlScript script, (string, IRelation) rows) => Rows(engine, script, rows)[0];

    private static int[] SizesOf(PinnedTables tables, string codebookId)
    {
        List<object?[]> levels = tables.Rows(Script("codebook_sizes.sql").With("codebook_id", codebookId), CodebookChoice.Table);
        return levels.Count > 0 ? [.. levels.Select(l => (int)(long)l[1]!)] : throw OneRecException.Table(
            "export.no-codebook",
            $"codebooks: codebook {codebookId} has no rows, so the codes of its levels are not known; restore an older version of the table");
    }

    private static long? GenerationOf(PinnedTables tables, string codebookId) =>
        tables.Rows(Script("generation.sql").With("codebook_id", codebookId), "published") is [[long generation]] ? generation : null;

    private static void RequireOneIdAnItem(IEngine engine, IRelation ids)
    {
        if (Rows(engine, Script("repeated_item.sql"), ("ids", ids)) is [var item])
        {
            throw Broken($"item {item[0]} has {item[1]} IDs");
        }

        if (Rows(engine, Script("repeated_slot.sql"), ("ids", ids)) is [var slot])
        {
            throw Broken($"{slot[2]} items have ID {slot[0]} and slot {slot[1]}");
        }
    }

    private static OneRecException Broken(string what, string table = "semantic_ids") =>
        OneRecException.Table("export.tables", $"{table}: {what}; see what 'onerec verify' says, and restore an older version of the table");

    private static void RequireNoTwins(IEngine engine, IRelation ids, object?[] counts, TwinPolicy twins)
    {
        if (twins == TwinPolicy.Fail && (long)counts[3]! > 0)
        {
            object?[] largest = One(engine, Script("largest_twins.sql"), ("ids", ids));
            throw OneRecException.Input(
                "export.twins",
                $"semantic_ids: {counts[2]} items share {counts[3]} IDs, such as {largest[0]} ({largest[1]} items); "
                + "use --twins slot, first or share");
        }
    }

    private IEnumerable<ExportedItem> InParts(string phase, IRelation rows)
    {
        using IMaterializedRelation kept = _engine.Materialize(rows, new ScratchLayout("part", ["place"]));
        if (kept.Rows != Counts.Items)
        {
            throw Broken($"{Counts.Items} items of semantic_ids have {kept.Rows} rows", "items");
        }

        long done = 0;
        for (int part = 0; done < Counts.Items; part++)
        {
            foreach (RecordBatch batch in _engine.Collect(kept.Part(part)))
            {
                using (batch)
                {
                    _cancellation.ThrowIfCancellationRequested();
                    foreach (ExportedItem item in Items(batch))
                    {
                        yield return item;
                    }

                    done += batch.Length;
                    _progress(phase, done, Counts.Items);
                }
            }
        }
    }

    private IEnumerable<ExportedItem> Items(RecordBatch batch)
    {
        var texts = batch.Column("item_id") as StringArray;
        var numbers = batch.Column("item_id") as Int64Array;
        var codes = (ListArray)batch.Column("codes");
        var values = (Int32Array)codes.Values;
        var slots = (Int32Array)batch.Column("slot");
        var nearest = (Int32Array)batch.Column("nearest_code");
        var titles = batch.Schema.GetFieldIndex("title") < 0 ? null : (StringArray)batch.Column("title");
        var users = batch.Schema.GetFieldIndex("users") < 0 ? null : (Int64Array)batch.Column("users");
        var captions = titles is null ? null : (StringArray)batch.Column("caption");
        for (int row = 0; row < batch.Length; row++)
        {
            int slot = slots.GetValue(row)!.Value;
            yield return new ExportedItem(
                texts is null ? new ItemKey(numbers!.GetValue(row)!.Value, null) : new ItemKey(0, texts.GetString(row)),
                CodesOf(codes, values, row, slot),
                slot,
                nearest.GetValue(row)!.Value,
                titles?.GetString(row),
                captions?.GetString(row))
            { Users = users?.GetValue(row) ?? 0 };
        }
    }

    private int[] CodesOf(ListArray lists, Int32Array values, int row, int slot)
    {
        ReadOnlySpan<int> codes = values.Values.Slice(lists.ValueOffsets[row], lists.GetValueLength(row));
        if (codes.Length != CodebookLevels)
        {
            throw Broken($"ID {string.Join('-', codes.ToArray())} has {codes.Length} codes, but codebook {Origin.CodebookId} has {CodebookLevels} levels");
        }

        for (int level = 0; level < codes.Length; level++)
        {
            if (codes[level] < 0 || codes[level] >= Sizes[level])
            {
                throw Broken($"ID {string.Join('-', codes.ToArray())} has code {codes[level]}, but level {level + 1} of codebook {Origin.CodebookId} has {Sizes[level]} codes");
            }
        }

        return _twins == TwinPolicy.Slot ? [.. codes, slot] : codes.ToArray();
    }
}
