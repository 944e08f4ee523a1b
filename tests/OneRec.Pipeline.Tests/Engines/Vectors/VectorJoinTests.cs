using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Kernels.Batches;
using OneRec.Pipeline.Engine;
using OneRec.Pipeline.Engines.Local;
using OneRec.Pipeline.Tables;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Pipeline.Tests.Engines;

public sealed class VectorJoinTests : IDisposable
{
    private static readonly Schema Items = new(
        [new Field("item_id", Int64Type.Default, nullable: false), new Field("title", StringType.Default, nullable: true)],
        null);

    private readonly ScratchFolder _folder = new();
    private readonly LocalEngine _engine;

    public VectorJoinTests() => _engine = new LocalEngine(
        new LocalSettings(_folder["tables"], 2, 512L << 20), new KernelRegistry(), TimeProvider.System, CancellationToken.None);

    public void Dispose()
    {
        _engine.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void Each_row_gets_its_own_vectors_and_a_row_without_any_gets_null()
    {
        string a = Embeddings("a.parquet", (3, [3f, 3.5f]), (9, [9f, 9.5f]), (1, [1f, 1.5f]));
        string b = Embeddings("b.parquet", (4, [4f, 4.5f]));
        IRelation rows = _engine.FromRows(Items, [Rows.Build(Items, [[1L, "one"], [2L, "two"]]), Rows.Build(Items, [[3L, null], [4L, "four"]])]);

        IRelation joined = _engine.AttachVectors(rows, new VectorSource([a, b], "embedding"));

        Dictionary<long, (string? Title, object?[]? Vectors)> read = Rows.Read(_engine.Collect(joined))
            .ToDictionary(r => (long)r[0]!, r => ((string?)r[1], (object?[]?)r[2]));
        Assert.Equal(["one", "two", null, "four"], new long[] { 1, 2, 3, 4 }.Select(i => read[i].Title));
        Assert.Null(read[2].Vectors);
        foreach (long id in new long[] { 1, 3, 4 })
        {
            Assert.Equal([(float)id, id + 0.5f], (object?[])Assert.Single(read[id].Vectors!)!);
        }
    }

    [Fact]
    public void Vectors_that_come_twice_name_the_item()
    {
        string a = Embeddings("a.parquet", (1, [1f]), (1, [2f]));
        IRelation rows = _engine.FromRows(Items, [Rows.Build(Items, [[1L, "one"]])]);

        OneRecException failure = Assert.Throws<OneRecException>(
            () => Rows.Read(_engine.Collect(_engine.AttachVectors(rows, new VectorSource([a], "embedding")))));

        Assert.Equal($"{a}: item 1 has vectors twice", failure.Message);
    }

    private string Embeddings(string name, params (long Id, float[] Vector)[] rows)
    {
        var schema = new Schema(
            [new Field("item_id", Int64Type.Default, false), new Field("embedding", OneRecTables.ListOf(FloatType.Default), false)],
            null);
        var ids = new Int64Array.Builder();
        var vectors = new ListArray.Builder(new Field("element", FloatType.Default, false));
        var values = (FloatArray.Builder)vectors.ValueBuilder;
        foreach ((long id, float[] vector) in rows)
        {
            ids.Append(id);
            vectors.Append();
            values.AppendRange(vector);
        }

        using var writer = new FileWriter(_folder[name], schema);
        using var batch = new RecordBatch(schema, [ids.Build(), vectors.Build()], rows.Length);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return _folder[name];
    }
}
