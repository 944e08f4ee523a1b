using Apache.Arrow;
using OneRec.Core;
using OneRec.Testing;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta.Tests;

/// <summary>Damaged data files of another writer, which have no checksum in the log: a native library decodes them.</summary>
public sealed class DataFileFuzzTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public Task Damaged_data_files_are_read_or_refused(bool pageChecksums) => Damage(400, 20261130, pageChecksums);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Trait(TestKind.Trait, TestKind.All)]
    public Task Damaged_data_files_are_read_or_refused_at_length(bool pageChecksums) => Damage(8_000, 1, pageChecksums);

    private async Task Damage(int cases, ulong seed, bool pageChecksums)
    {
        var log = new HandLog(_scratch["t"]);
        string path = Path.Combine(log.Folder, "a.parquet");
        Schema schema = EveryType.Shape([]).Schema;
        Directory.CreateDirectory(log.Folder);
        using (var builder = new WriterPropertiesBuilder())
        {
            _ = pageChecksums ? builder.EnablePageChecksum() : builder;
            using WriterProperties properties = builder.Compression(Compression.Snappy).Build();
            using var writer = new FileWriter(path, EveryType.Batch(0, 40).Schema, properties);
            writer.WriteRecordBatch(EveryType.Batch(0, 40));
            writer.Close();
        }

        byte[] original = await File.ReadAllBytesAsync(path);
        log.Commit(0, HandLog.Protocol(), HandLog.MetaData(DeltaSchema.Write(schema), "[]"), HandLog.Add("a.parquet", original.Length, "{}"));
        Snapshot snapshot = log.Table.LatestSnapshot()!;
        List<string> rows = Rows.Of(snapshot);
        var random = new SplitMix64(seed);
        long peak = Reading.PeakMemory();
        int read = 0;
        int wrong = 0;
        await Reading.Cases(cases, i =>
        {
            byte[] bytes = random.NextBelow(3) == 0 ? Mutation.OfFooter(original, ref random) : Mutation.OfBytes(original, ref random);
            File.WriteAllBytes(path, bytes);
            Reading.Outcome outcome = Reading.Outcome.Read;
            try
            {
                List<string>? found = Reading.Allow(() => Texts(snapshot), ref outcome);
                Reading.Allow(() => snapshot.RowsIn(snapshot.Files[0]), ref outcome);
                read += found is null ? 0 : 1;
                wrong += found is not null && !found.SequenceEqual(rows) ? 1 : 0;
            }
            catch (Exception e)
            {
                Assert.Fail($"case {i}: {e}\n{Convert.ToBase64String(bytes)}");
            }
        });
        TestContext.Current.SendDiagnosticMessage(
            "{0} of {1} damaged data files were read, {2} as other rows, peak {3} MiB more", read, cases, wrong, (Reading.PeakMemory() - peak) >> 20);
        Assert.InRange(read, 0, cases * 19 / 20);

        // Without checksums of pages 8,000 cases once took 1.2 GiB more. Which case did, and why, is not known: probably one whose
        // page claims more values than the footer, which is compared only where there are checksums.
        Assert.InRange(Reading.PeakMemory() - peak, 0, pageChecksums ? 1L << 30 : 4L << 30);
    }

    /// <summary>The rows as text; damaged values that have none, such as a day beyond all years, as a word.</summary>
    private static List<string> Texts(Snapshot snapshot)
    {
        var texts = new List<string>();
        foreach (RecordBatch batch in snapshot.Scan())
        {
            using (batch)
            {
                try
                {
                    texts.AddRange(Rows.Of(batch));
                }
                catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException)
                {
                    texts.Add("damaged");
                }
            }
        }

        return texts;
    }
}
