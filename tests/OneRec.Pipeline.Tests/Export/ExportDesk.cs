using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Cli;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Tables;
using OneRec.Export;
using OneRec.Export.Ids;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;
using OneRec.Pipeline.Tables;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>Tables whose IDs are written by hand, and exports of them.</summary>
internal sealed class ExportDesk : IDisposable
{
    public const string Codebook = "00000000000000c1";

    private static readonly int[] Sizes = [4, 5, 300];

    private readonly ScratchFolder _folder = new();

    public ExportDesk() => Options = new OneRecOptions { Tables = _folder["tables"], Threads = 2 };

    /// <summary>IDs in which everything occurs: twins, a gap of slots, deleted items, texts of several scripts, codes of two digits.</summary>
    public static IReadOnlyList<DeskId> Numbers { get; } =
    [
        new(30L, [1, 0, 7]) { Title = "Амели \"quoted\" \\ back", Caption = "日本語 😀\u2028line\nbreak\ttab" },
        new(-5L, [0, 4, 299]) { Title = "<b>&'é", NearestCode = 12 },
        new(2L, [1, 0, 7], 2) { Title = "third twin", Caption = "" },
        new(4L, [1, 0, 7], 1) { IsDeleted = true, Title = "gone" },
        new(9_007_199_254_740_993L, [1, 0, 10]) { Title = "", Caption = "only a caption" },
        new(17L, [3, 2, 1], 5),
        new(3L, [3, 2, 1], 4) { Title = "a,b;\"c\"\r\nd" },
        new(8L, [1, 3, 7]) { Title = " spaces " },
    ];

    /// <summary>The same with texts as item ids.</summary>
    public static IReadOnlyList<DeskId> Texts { get; } =
    [
        .. Numbers.Zip(
            ["b", "007", "7", "é\"\\", "😀 \n", "", "Z,z", "=1+1"],
            (row, id) => row with { Id = id }),
    ];

    public OneRecOptions Options { get; set; }

    public string this[string name] => _folder[name];

    /// <summary>Writes the tables: catalogue, codebook, IDs and, where asked, the publication.</summary>
    public ExportDesk Write(IReadOnlyList<DeskId> ids, bool publish = true, bool repeatItems = false)
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None);
        IArrowType id = ids[0].Id is string ? StringType.Default : Int64Type.Default;
        Put(engine, OneRecTables.Items(id), [.. ids.Concat(repeatItems ? ids : []).Select(i => new object?[]
        {
            i.Id, i.Title, i.Caption, null, null, null, "hash", DateTimeOffset.UnixEpoch, i.IsDeleted ? DateTimeOffset.UnixEpoch : null,
        })]);
        PutCodebook(engine);
        PutIds(engine, ids, id);
        if (publish)
        {
            Put(engine, OneRecTables.Published(), [[1L, Codebook, "m", DateTimeOffset.UnixEpoch, "r"]]);
        }

        return this;
    }

    /// <summary>Writes <c>item_similarity</c>: items, each with its similar item and their common users.</summary>
    public ExportDesk WriteSimilarity(params (long Item, long Similar, int Users)[] rows)
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None);
        Put(engine, OneRecTables.ItemSimilarity(Int64Type.Default), [.. rows.Select(r => new object?[] { r.Item, r.Similar, 0.5, 1, r.Users })]);
        return this;
    }

    /// <summary>Exports into a folder beside the tables.</summary>
    public IReadOnlyList<Fact> Export(string format, string folder, TwinPolicy? twins = null, bool overwrite = false, bool deleted = false) => Export(
        new ExportRequest(format, this[folder], folder) { Twins = twins, Overwrite = overwrite, WithDeleted = deleted }, new QuietObserver(), CancellationToken.None);

    public IReadOnlyList<Fact> Export(ExportRequest request, IRunObserver observer, CancellationToken cancellation)
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None, EngineAccess.ReadAll);
        return ExportQuery.Run(engine, Options, request, observer, TimeProvider.System, cancellation);
    }

    /// <summary>Reads items in parts of a few rows.</summary>
    public T Read<T>(int partRows, Func<ExportedIds, T> read, TwinPolicy twins = TwinPolicy.Share)
    {
        using IEngine engine = EngineFactory.Create("local", Options, TimeProvider.System, CancellationToken.None, EngineAccess.ReadAll);
        using var ids = ExportedIds.Open(engine, "current", twins, withDeleted: false, (_, _, _) => { }, CancellationToken.None, partRows);
        return read(ids);
    }

    public void Dispose() => _folder.Dispose();

    private static void PutIds(IEngine engine, IReadOnlyList<DeskId> ids, IArrowType id)
    {
        TableDefinition table = OneRecTables.SemanticIds(id);
        var codes = new ListArray.Builder(new Field("element", Int32Type.Default, false));
        foreach (DeskId row in ids)
        {
            codes.Append();
            ((Int32Array.Builder)codes.ValueBuilder).AppendRange(row.Codes);
        }

        object?[][] others =
        [
            .. ids.Select(i => new object?[]
            {
                i.Id, string.Join('-', i.Codes), i.Codes[0], i.Slot, i.NearestCode ?? i.Codes[^1], "e", DateTimeOffset.UnixEpoch,
                i.IsDeleted ? DateTimeOffset.UnixEpoch : null, "r", Codebook,
            }),
        ];
        Field[] fields = [.. table.Schema.FieldsList.Where(f => f.Name is not "codes" and not "error")];
        RecordBatch rest = RowReader.Build(new Schema(fields, null), others);
        var errors = new FloatArray.Builder().AppendRange(ids.Select(_ => 0f)).Build();
        IEnumerable<IArrowArray> columns = table.Schema.FieldsList.Select(f => f.Name switch
        {
            "codes" => codes.Build(),
            "error" => (IArrowArray)errors,
            _ => rest.Column(f.Name),
        });
        Commit(engine, table, new RecordBatch(table.Schema, columns, ids.Count), "assign");
    }

    private static void PutCodebook(IEngine engine)
    {
        TableDefinition table = OneRecTables.Codebooks();
        (int Level, int Code)[] rows = [.. Sizes.SelectMany((size, level) => Enumerable.Range(0, size).Select(code => (level, code)))];
        var centroids = new ListArray.Builder(new Field("element", FloatType.Default, false));
        foreach ((int _, int _) in rows)
        {
            centroids.Append();
            ((FloatArray.Builder)centroids.ValueBuilder).Append(1f);
        }

        var batch = new RecordBatch(
            table.Schema,
            [
                new StringArray.Builder().AppendRange(rows.Select(_ => Codebook)).Build(),
                new StringArray.Builder().AppendRange(rows.Select(_ => "m")).Build(),
                new Int32Array.Builder().AppendRange(rows.Select(r => r.Level)).Build(),
                new Int32Array.Builder().AppendRange(rows.Select(r => r.Code)).Build(),
                centroids.Build(),
                new Int64Array.Builder().AppendRange(rows.Select(_ => 1L)).Build(),
            ],
            rows.Length);
        Commit(engine, table, batch, "train", Codebook);
    }

    private static void Put(IEngine engine, TableDefinition table, object?[][] rows) => Commit(engine, table, RowReader.Build(table.Schema, rows), "x");

    private static void Commit(IEngine engine, TableDefinition table, RecordBatch rows, string step, string? result = null) =>
        engine.Write(
            engine.FromRows(table.Schema, [rows]),
            new TableWrite(table, new WriteMode.Overwrite(), new CommitNote(step, "r", "f", Result: result))).RequireCommitted(table.Name);
}

/// <summary>An item and its ID.</summary>
/// <param name="Id">A number or a text.</param>
/// <param name="Codes">Three codes.</param>
/// <param name="Slot">The slot.</param>
internal sealed record DeskId(object Id, int[] Codes, int Slot = 0)
{
    public string? Title { get; init; }

    public string? Caption { get; init; }

    public int? NearestCode { get; init; }

    public bool IsDeleted { get; init; }

    /// <summary>The id as text.</summary>
    public string Key => Id.ToString()!;
}
