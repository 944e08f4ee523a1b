using System.Runtime.InteropServices;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engine.Scripts;
using OneRec.Engine.Sources;
using OneRec.Engines.Tests.Desks;
using OneRec.Kernels.Batches;
using OneRec.Scoring.Embedding;
using OneRec.TestWorker;
using OneRec.Testing;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Engines.Tests.Seam;

/// <summary>Token vectors of float16 through the seam: attached by id, in batches of bounded size, refused by name.</summary>
public abstract class VectorTests(EngineDesk desk)
{
    [Fact]
    public void Bytes_and_their_numbers_reach_the_kernel_and_rows_without_any_have_none()
    {
        using var files = new ScratchFolder();
        string a = Write(files["a b[1].parquet"], (3, [[1, 2], [3, 6]]), (1, [[0.5f, -4]]));
        string b = Write(files["c.parquet"], (2, null), (9, [[7, 7]]));
        using IEngine engine = desk.OpenShipped(files["tables"]);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT item_id, 'h' AS content_hash FROM r"), ("r", Batches.Longs(engine, ["item_id"], [1], [2], [3], [4])));
        IRelation attached = engine.AttachVectors(rows, new VectorFiles([a, b], "tokens", VectorKind.HalfBytes));
        Assert.Equal(["item_id", "content_hash", "tokens", "n_tokens", "dim"], attached.Schema.FieldsList.Select(f => f.Name));

        var parameters = new EmbedParameters { Blocks = [new TokenBlock { Dimensions = 2 }], Normalize = false };
        var call = new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(Int64Type.Default));
        Assert.Equal(
            [
                "1 | 'h' | [f3f000000, fc0800000] | 0 | null",
                "2 | 'h' | null | 1 | 'nothing to embed: no token vectors'",
                "3 | 'h' | [f40000000, f40800000] | 0 | null",
                "4 | 'h' | null | 1 | 'nothing to embed: no token vectors'",
            ],
            engine.SortedRows(engine.Map(attached, call, PartitionShape.Any)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Doubles_under_other_names_beside_ids_without_a_sign_are_rounded_to_floats(bool single)
    {
        using var files = new ScratchFolder();
        string file = Doubles(files["a.parquet"], single, (3_000_000_000, [0.1, 1e-3]), (1, [1, -4]), (2, [1e300, 0]));
        using IEngine engine = desk.OpenShipped(files["tables"]);
        IRelation rows = engine.Sql(
            new SqlScript("SELECT item_id, 'h' AS content_hash FROM r"), ("r", Batches.Longs(engine, ["item_id"], [1], [2], [3_000_000_000], [4])));
        var source = new VectorFiles([file], "em\"b", VectorKind.Doubles) { IdColumn = "p id", IsSingle = single };
        var parameters = new EmbedParameters { Blocks = [new TokenBlock { Column = source.Column, Dimensions = 2 }], Normalize = false };
        var call = new KernelCall(EmbedKernel.Name, parameters.ToJson(), EmbedOutput.Schema(Int64Type.Default));
        Assert.Equal(
            [
                "1 | 'h' | [f3f800000, fc0800000] | 0 | null",
                "2 | 'h' | null | 0 | 'token vector 0 contains infinity at 0'",
                "3000000000 | 'h' | [f3dcccccd, f3a83126f] | 0 | null",
                "4 | 'h' | null | 1 | 'nothing to embed: no token vectors'",
            ],
            engine.SortedRows(engine.Map(engine.AttachVectors(rows, source), call, PartitionShape.Any)));
    }

    [Fact]
    public void Batches_are_bounded_by_the_size_of_rows()
    {
        // 24 rows of 2 MiB: Spark's own 10,000 rows a batch would be one batch a partition.
        const int values = 1 << 20;
        using var files = new ScratchFolder();
        string file = Write(files["a.parquet"], [.. Enumerable.Range(0, 24).Select(i => ((long)i, (float[][]?)[new float[values]]))]);
        using IEngine engine = desk.Open(files["tables"]);
        IRelation rows = Batches.Longs(engine, ["item_id"], [.. Enumerable.Range(0, 24).Select(i => new long?[] { i })]);
        IRelation sizes = engine.Map(
            engine.AttachVectors(rows, new VectorFiles([file], "tokens", VectorKind.HalfBytes)), BatchSizesKernel.Call, PartitionShape.Any);
        List<long[]> batches = engine.Rows(sizes).ConvertAll(r => r.Split(" | ").Select(long.Parse).ToArray());
        Assert.Equal(24, batches.Sum(b => b[0]));
        Assert.Equal(24L * values * 2, batches.Sum(b => b[1]));
        Assert.All(batches, b => Assert.InRange(b[1], 1, 20L << 20));
    }

    [Fact]
    public void Sources_that_do_not_fit_are_refused_by_name()
    {
        using var files = new ScratchFolder();
        using IEngine engine = desk.Open(files["tables"]);
        IRelation rows = Batches.Longs(engine, ["item_id"], [1], [2]);
        string twice = Write(files["twice.parquet"], (1, [[1]]), (2, [[1]]), (2, [[2]]));
        Fails(rows, twice, "input.duplicate", $"{twice}: item 2 has vectors in more than one row; keep one row per item");
        string none = Write(files["null.parquet"], (1, [[1]]), (null, [[1]]));
        Fails(rows, none, "input.null-key", $"{none}: row 2: item_id is null; remove the row, write its item_id, or set input.badRows=quarantine");
        string good = Write(files["good.parquet"], (1, [[1]]));
        Fails(
            Batches.Texts(engine, ["item_id"], ["1"]),
            good,
            "input.id-type",
            $"{good}: item_id is BIGINT, but the catalogue's is STRING; write it as STRING");

        void Fails(IRelation items, string file, string code, string message)
        {
            OneRecException e = Assert.Throws<OneRecException>(
                () => engine.Rows(engine.AttachVectors(items, new VectorFiles([file], "tokens", VectorKind.HalfBytes))));
            Assert.Equal((ErrorKind.Input, code, message), (e.Kind, e.Code, e.Message));
        }
    }

    private static string Doubles(string path, bool single, params (uint Id, double[] Vector)[] rows)
    {
        var ids = new UInt32Array.Builder();
        ListArray.Builder flat = new(DoubleType.Default), nested = new(new ListType(DoubleType.Default));
        foreach ((uint id, double[] vector) in rows)
        {
            ids.Append(id);
            ListArray.Builder vectors = flat;
            if (!single)
            {
                nested.Append();
                vectors = (ListArray.Builder)nested.ValueBuilder;
            }

            vectors.Append();
            ((DoubleArray.Builder)vectors.ValueBuilder).AppendRange(vector);
        }

        IArrowArray[] columns = [single ? flat.Build() : nested.Build(), ids.Build()];
        return Write(path, ["em\"b", "p id"], columns);
    }

    private static string Write(string path, params (long? Id, float[][]? Vectors)[] rows)
    {
        var ids = new Int64Array.Builder();
        var tokens = new BinaryArray.Builder();
        var counts = new Int32Array.Builder();
        var lengths = new Int32Array.Builder();
        foreach ((long? id, float[][]? vectors) in rows)
        {
            ids.Append(id);
            counts.Append(vectors?.Length);
            lengths.Append(vectors?[0].Length);
            _ = vectors is null
                ? tokens.AppendNull()
                : tokens.Append(MemoryMarshal.AsBytes(vectors.SelectMany(v => v.Select(x => (Half)x)).ToArray().AsSpan()));
        }

        IArrowArray[] columns = [ids.Build(), tokens.Build(), counts.Build(), lengths.Build()];
        return Write(path, ["item_id", "tokens", "n_tokens", "dim"], columns);
    }

    private static string Write(string path, string[] names, IArrowArray[] columns)
    {
        var schema = new Schema(names.Zip(columns, (n, c) => new Field(n, c.Data.DataType, nullable: true)), null);
        using WriterProperties properties = new WriterPropertiesBuilder().DisableDictionary().WriteBatchSize(1).Build();
        using var writer = new FileWriter(path, schema, properties);
        using var batch = new RecordBatch(schema, columns, columns[0].Length);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return path;
    }
}

public sealed class VectorsOnLocalTests() : VectorTests(new LocalDesk());

[Collection(Spark35Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class VectorsOnSpark35Tests(Spark35Desk desk) : VectorTests(desk);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.Deep)]
public sealed class VectorsOnSpark40Tests(Spark40Desk desk) : VectorTests(desk);
