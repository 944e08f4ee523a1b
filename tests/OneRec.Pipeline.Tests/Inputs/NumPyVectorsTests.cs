using System.Runtime.InteropServices;
using System.Text;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Initial;
using OneRec.Inputs.Options;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Steps.Embed;
using OneRec.Pipeline.Tests.Steps;

namespace OneRec.Pipeline.Tests.Inputs;

/// <summary>
/// NumPy matrices with ids beside them: written here byte by byte, as numpy.lib.format says, and compared with the same vectors in Parquet.
/// </summary>
public sealed class NumPyVectorsTests : IDisposable
{
    private static readonly float[][] Vectors = [[1, 2, -0.5f], [0, 0.25f, 4], [3, 3, 3], [-1, 8, 0.125f]];

    private readonly StepBench _bench = new();

    [Theory]
    [InlineData("<f4", "<i8", "v.ids.npy")]
    [InlineData("<f8", "<i4", "ids.npy")]
    [InlineData("<f2", "|u1", "v_ids.npy")]
    [InlineData("<f4", "", "item_ids.txt")]
    public void Embeddings_are_those_of_the_same_vectors_in_parquet(string type, string ids, string name)
    {
        _bench.Write("items.csv", "item_id,title\n7,a\n1,b\n2,c\n9,none\n");
        Parquet([7, 2, 1, 4]);
        string[] expected = Embeddings("parquet", "v.parquet");
        Matrix("data/v.npy", type, Vectors);
        Ids($"data/{name}", ids, ["7", "2", "1", "4"]);
        Assert.Equal(expected, Embeddings("npy", "data/v.npy"));
        Assert.Equal(3, expected.Count(e => e.Contains(':')));
    }

    [Theory]
    [InlineData("<U5")]
    [InlineData("|S8")]
    [InlineData("")]
    public void Ids_may_be_texts(string ids)
    {
        _bench.Write("items.csv", "item_id,title\né7,a\nx,b\n007,c\n");
        Matrix("v.npy", "<f4", Vectors[..3]);
        Ids("v.ids" + (ids.Length == 0 ? ".txt" : ".npy"), ids, ["007", "é7", "y"]);
        Assert.Equal(["007: 1 2 -0.5", "é7: 0 0.25 4"], Embeddings("npy", "v.npy"));
    }

    [Fact]
    public void Several_vectors_a_row_are_pooled_as_elsewhere()
    {
        _bench.Write("items.csv", "item_id,title\n1,a\n2,b\n");
        Write("v.npy", "<f4", "(2, 2, 3)", Vectors.SelectMany(v => MemoryMarshal.AsBytes(v.AsSpan()).ToArray()));
        Ids("v.ids.npy", "<i8", ["1", "2"]);
        Assert.Equal(["1: 0.5 1.125 1.75", "2: 1 5.5 1.5625"], Embeddings("npy", "v.npy"));
    }

    [Theory]
    [InlineData("<f4", "(4, 3)", 0, "{0} has 4 rows, but {1} has 3 ids; write an id for each row")]
    [InlineData("<f4", "(3, 3)", -1, "{0} is cut: its shape needs more bytes than it has; copy it again")]
    [InlineData("<f4", "(9,)", 0, "{0} has the shape (9); vectors are a matrix of items and values, or of items, vectors and values")]
    [InlineData("<i4", "(3, 3)", 0, "{0} holds i4; vectors are float16, float32 or float64")]
    [InlineData(">f4", "(3, 3)", 0, "{0} has the highest byte first; write it with x.astype(x.dtype.newbyteorder('<'))")]
    [InlineData("|O", "(3, 3)", 0, "{0} holds structures or Python objects; write plain numbers or texts, for example with x.astype('float32')")]
    [InlineData("<f4", "(99999999999, 99999999999)", 0, "{0} has a header that is not NumPy's; write it with numpy.save")]
    public void Matrices_that_cannot_be_read_are_refused(string type, string shape, int cut, string message)
    {
        _bench.Write("items.csv", "item_id,title\n1,a\n");
        byte[] bytes = [.. Enumerable.Repeat((byte)0, 48 + cut)];
        Write("v.npy", type, shape, cut < 0 ? bytes[..35] : bytes);
        Ids("v.ids.txt", "", ["1", "2", "3"]);
        Refused("v.npy", string.Format(message, _bench["v.npy"], _bench["v.ids.txt"]));
    }

    [Fact]
    public void Other_faults_are_told_with_a_cure_that_works()
    {
        _bench.Write("items.csv", "item_id,title\n1,a\n2,b\n3,c\n");
        Matrix("v.npy", "<f4", Vectors[..3]);
        Refused(
            "v.npy", $"input.tokens: there is no file of ids beside {_bench["v.npy"]}, such as v.ids.npy; write one, an id for each row, or set input.tokensIds");
        Ids("other.npy", "<i8", ["1", "2", "3"]);
        Assert.Equal(3, Embeddings("npy", "v.npy", _bench["other.npy"]).Length);
        Ids("v.ids.npy", "<U3", ["a", "b", "c"]);
        Refused("v.npy", $"{_bench["v.ids.npy"]}: the ids are STRING, but the catalogue's are BIGINT; write them as BIGINT");
        Ids("v.ids.npy", "<i8", ["1", "2", "2"]);
        Assert.Contains("item 2", _bench.Refused(Options("v.npy"), "ingest").Message, StringComparison.Ordinal);
        File.WriteAllText(_bench["v.npy"], "1,2,3\n");
        Refused("v.npy", $"{_bench["v.npy"]} is no NumPy array; write it with numpy.save");
        Write("v.npy", "<f4", "(3, 3)", new byte[36], fortran: true);
        Refused("v.npy", $"{_bench["v.npy"]} is in Fortran's order; write it with numpy.ascontiguousarray(x)");
    }

    [Fact]
    public void Init_finds_a_matrix_with_ids()
    {
        _bench.Write("data/items.csv", "item_id,title\n1,a\n");
        Matrix("data/emb.npy", "<f4", Vectors[..1]);
        Ids("data/emb.ids.npy", "<i8", ["1"]);
        InitialConfiguration.Write([_bench["data"]], _bench["c.json"], _ => null, (_, _) => { });
        Assert.Contains("\"tokens\": \"data/emb.npy\"", File.ReadAllText(_bench["c.json"]), StringComparison.Ordinal);
        Assert.Contains("\"inputs\": [{ \"block\": \"tokens\" }]", File.ReadAllText(_bench["c.json"]), StringComparison.Ordinal);
    }

    public void Dispose() => _bench.Dispose();

    private void Refused(string tokens, string message) => Assert.Equal(message, _bench.Refused(Options(tokens), "ingest").Message);

    private OneRecOptions Options(string tokens, string? ids = null) => new()
    {
        Input = new InputOptions { Items = _bench["items.csv"], Tokens = _bench[tokens], TokensIds = ids, BadRows = BadRows.Quarantine },
        Sections = [new EmbedOptions { Inputs = [new TokensInput()], Normalize = false }],
    };

    private string[] Embeddings(string run, string tokens, string? ids = null)
    {
        if (Directory.Exists(_bench["tables"]))
        {
            Directory.Move(_bench["tables"], _bench[$"tables-before-{run}-{tokens.Length}"]);
        }

        _bench.Run(Options(tokens, ids), "ingest", "embed");
        Apache.Arrow.Schema schema = _bench.SchemaOf("item_embeddings")!;
        return [.. _bench.Table("item_embeddings")
            .Select(r => $"{r[0]}: {string.Join(' ', ((System.Collections.IEnumerable)r[schema.GetFieldIndex("embedding")]!).Cast<object>())}")
            .Order(StringComparer.Ordinal)];
    }

    private void Matrix(string name, string type, float[][] vectors) => Write(name, type, $"({vectors.Length}, 3)", vectors.SelectMany(v => v).SelectMany(v => type[2] switch
    {
        '2' => BitConverter.GetBytes((Half)v),
        '8' => BitConverter.GetBytes((double)v),
        _ => BitConverter.GetBytes(v),
    }));

    private void Ids(string name, string type, string[] ids)
    {
        if (type.Length == 0)
        {
            _bench.Write(name, string.Concat(ids.Select(i => i + "\n")));
            return;
        }

        int size = int.Parse(type[2..]);
        Write(name, type, $"({ids.Length},)", ids.SelectMany(id => type[1] switch
        {
            'U' => Padded(Encoding.UTF32.GetBytes(id), 4 * size),
            'S' => Padded(Encoding.UTF8.GetBytes(id), size),
            _ => BitConverter.GetBytes(long.Parse(id))[..size],
        }));
    }

    private static byte[] Padded(byte[] bytes, int length) => [.. bytes, .. new byte[length - bytes.Length]];

    private void Write(string name, string type, string shape, IEnumerable<byte> values, bool fortran = false)
    {
        string header = $"{{'descr': '{type}', 'fortran_order': {fortran}, 'shape': {shape}, }}";
        header = header.PadRight(117) + "\n";
        Directory.CreateDirectory(Path.GetDirectoryName(_bench[name])!);
        File.WriteAllBytes(_bench[name], [0x93, .. "NUMPY"u8, 1, 0, .. BitConverter.GetBytes((ushort)header.Length), .. Encoding.ASCII.GetBytes(header), .. values]);
    }

    private void Parquet(long[] ids)
    {
        var element = new Apache.Arrow.Field("element", FloatType.Default, false);
        var list = new Apache.Arrow.ListArray.Builder(element);
        foreach (float[] vector in Vectors)
        {
            list.Append();
            ((Apache.Arrow.FloatArray.Builder)list.ValueBuilder).AppendRange(vector);
        }

        var schema = new Apache.Arrow.Schema(
            [new Apache.Arrow.Field("item_id", Int64Type.Default, false), new Apache.Arrow.Field("embedding", new ListType(element), false)], null);
        using var batch = new Apache.Arrow.RecordBatch(schema, [new Apache.Arrow.Int64Array.Builder().AppendRange(ids).Build(), list.Build()], ids.Length);
        using var writer = new ParquetSharp.Arrow.FileWriter(_bench["v.parquet"], schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
    }
}
