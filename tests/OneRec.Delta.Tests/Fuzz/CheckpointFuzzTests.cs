using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Testing;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta.Tests;

/// <summary>Damaged checkpoints: a native library decodes them, so that a crash would take the process with it.</summary>
public sealed class CheckpointFuzzTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public Task Damaged_checkpoints_are_read_or_refused() => Damage(1_500, 20261130);

    [Fact]
    [Trait(TestKind.Trait, TestKind.All)]
    public Task Damaged_checkpoints_are_read_or_refused_at_length() => Damage(25_000, 1);

    [Fact]
    public void Name_that_claims_very_many_parts_is_no_checkpoint()
    {
        HandLog log = new HandLog(_scratch["t"]).Create(HandLog.Add("a.parquet"));
        File.WriteAllText(log["00000000000000000000.checkpoint.0000000001.2147483647.parquet"], "x");
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Single(log.Table.LatestSnapshot()!.Files);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10 << 20);
        Assert.Null(log.Table.LatestCheckpoint());
    }

    [Fact]
    public void Greatest_number_is_no_version_because_none_could_follow()
    {
        HandLog log = new HandLog(_scratch["t"]).Create(HandLog.Add("a.parquet"));
        File.WriteAllText(log["09223372036854775807.json"], HandLog.Add("b.parquet"));
        File.WriteAllText(log["09223372036854775807.checkpoint.parquet"], "x");
        Assert.Equal((0L, 0L), (log.Table.LatestSnapshot()!.Version, log.Table.LatestVersion()));
        Assert.Equal(new CommitResult.Committed(1), log.Table.Begin(log.Table.LatestSnapshot()!).Commit("WRITE"));
    }

    [Fact]
    public void Long_texts_of_writers_that_keep_their_types_are_read()
    {
        string path = Handmade(LargeStringType.Default, new LargeStringArray.Builder().AppendNull().Append("a.parquet").Build());
        Assert.Equal("a.parquet", Assert.Single(Read(path)).Path);
    }

    [Fact]
    public void Column_of_another_type_is_refused_and_not_read_as_no_files()
    {
        string path = Handmade(BinaryType.Default, new BinaryArray.Builder().AppendNull().Append("a.parquet"u8).Build());
        var e = Assert.Throws<OneRecException>(() => Read(path));
        Assert.Equal(
            $"{_scratch["t"]} version 0: cannot read _delta_log/00000000000000000000.checkpoint.parquet as a checkpoint; remove the file: "
            + "the commits before it are all there",
            e.Message);
    }

    [Fact]
    public void Page_that_inflates_without_bound_is_refused_before_it_does()
    {
        HandLog log = new HandLog(_scratch["t"]).Create();
        string path = log["00000000000000000000.checkpoint.parquet"];
        var schema = new Schema([new Field("text", StringType.Default, false)], null);
        using (var builder = new WriterPropertiesBuilder())
        {
            using WriterProperties properties = builder.Compression(Compression.Zstd).DisableDictionary().Build();
            using var writer = new FileWriter(path, schema, properties);
            using var batch = new RecordBatch(schema, [Tables.Texts(new string('x', 60))], 1);
            writer.WriteRecordBatch(batch);
            writer.Close();
        }

        // The file begins with the header of its one page (parquet.thrift, PageHeader): its kind, then its size in memory, here
        // in two bytes. A whole gigabyte takes five.
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal([0x15, 0x00, 0x15], bytes[4..7]);
        Assert.True(bytes[7] >= 0x80 && bytes[8] < 0x80);
        Assert.Null(PageBombs.Find(path));
        File.WriteAllBytes(path, [.. bytes[..7], 0x80, 0x80, 0x80, 0x80, 0x08, .. bytes[9..]]);
        Assert.Equal(1L << 30, PageBombs.Find(path)!.Value.Inflated);
        Assert.Equal("delta.checkpoint-broken", Assert.Throws<OneRecException>(() => log.Table.LatestSnapshot()).Code);
    }

    private async Task Damage(int cases, ulong seed)
    {
        var random = new SplitMix64(seed);
        byte[][] originals = [.. Originals()];
        string folder = _scratch["fuzz"];
        Directory.CreateDirectory(Path.Combine(folder, "_delta_log"));
        string path = Path.Combine(folder, "_delta_log", "00000000000000000003.checkpoint.parquet");
        long peak = Reading.PeakMemory();
        int read = 0;
        await Reading.Cases(cases, i =>
        {
            byte[] original = originals[random.NextBelow(originals.Length)];
            byte[] bytes = random.NextBelow(3) == 0 ? Mutation.OfFooter(original, ref random) : Mutation.OfBytes(original, ref random);
            File.WriteAllBytes(path, bytes);
            try
            {
                read += Reading.All(folder) == Reading.Outcome.Read ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}\n{Convert.ToBase64String(bytes)}");
            }
        });
        TestContext.Current.SendDiagnosticMessage("{0} of {1} damaged checkpoints were read, peak {2} MiB more", read, cases, (Reading.PeakMemory() - peak) >> 20);
        Assert.InRange(read, cases / 100, cases * 19 / 20);
        Assert.InRange(Reading.PeakMemory() - peak, 0, 1L << 30);
    }

    /// <summary>Ours has checksums of pages, the other has none, so that damage reaches the decoders.</summary>
    private IEnumerable<byte[]> Originals()
    {
        DeltaTable table = DeltaTable.At(_scratch["ours"]);
        table.Append((1, "a b"), (2, null), (3, "x=y/%"));
        table.Overwrite(4);
        Transaction noted = table.Begin(table.LatestSnapshot()!);
        noted.SetTransaction("app", 7);
        noted.Commit("WRITE");
        table.WriteCheckpoint();
        yield return File.ReadAllBytes(_scratch["ours/_delta_log/00000000000000000002.checkpoint.parquet"]);

        var log = new HandLog(_scratch["hand"]);
        log.Create();
        HandCheckpoint.Write(
            log, 0, null,
            [
                HandLog.Protocol(), HandLog.MetaData(configuration: """{"a":"b"}"""), HandLog.Txn("a", 1), HandLog.Remove("gone.parquet"),
                .. Enumerable.Range(0, 30).Select(i => HandLog.Add($"p=a/{i}.parquet", stats: $$"""{"numRecords":{{i}}}""")),
            ]);
        yield return File.ReadAllBytes(log["00000000000000000000.checkpoint.parquet"]);
        string theirs = Path.Combine(Desk.Shared, "data", "delta-rs-tables", "checkpointed", "_delta_log");
        foreach (string file in Directory.Exists(theirs) ? Directory.GetFiles(theirs, "*.checkpoint.parquet") : [])
        {
            yield return File.ReadAllBytes(file);
        }
    }

    private string Handmade(IArrowType pathType, IArrowArray paths)
    {
        HandLog log = new HandLog(_scratch["t"]).Create();
        var add = new StructType([new Field("path", pathType, true), new Field("size", Int64Type.Default, true)]);
        var protocol = new StructType([new Field("minReaderVersion", Int32Type.Default, true), new Field("minWriterVersion", Int32Type.Default, true)]);
        var schema = new Schema([new Field("protocol", protocol, true), new Field("add", add, true)], null);
        string path = log["00000000000000000000.checkpoint.parquet"];
        using ArrowWriterProperties stored = new ArrowWriterPropertiesBuilder().StoreSchema().Build();
        using WriterProperties properties = WriterProperties.GetDefaultWriterProperties();
        using var writer = new FileWriter(path, schema, properties, stored);
        using var batch = new RecordBatch(
            schema,
            [
                new StructArray(protocol, 2, [Ints(1), Ints(2)], new ArrowBuffer.BitmapBuilder().Append(true).Append(false).Build(), 1),
                new StructArray(add, 2, [paths, Tables.Longs(0, 1)], new ArrowBuffer.BitmapBuilder().Append(false).Append(true).Build(), 1),
            ],
            2);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return path;

        static Int32Array Ints(int value) => new Int32Array.Builder().Append(value).AppendNull().Build();
    }

    private AddFile[] Read(string path) => [.. CheckpointReader.Read(_scratch["t"], 0, path).Actions.OfType<AddFile>()];
}
