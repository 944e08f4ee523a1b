using Apache.Arrow;
using OneRec.Core;
using OneRec.Testing;
using ParquetSharp;
using ParquetSharp.Arrow;

namespace OneRec.Delta.Tests;

/// <summary>Data files carry a checksum per page, and what differs from it is refused.</summary>
public sealed class PageChecksumsTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();
    private readonly DeltaTable _table;

    public PageChecksumsTests()
    {
        _table = DeltaTable.At(_scratch["t"]);
        _table.Append([.. Enumerable.Range(0, 2_000).Select(i => ((long)i * i % 1_009, (string?)"a"))]);

        // The file's SHA-256 would tell before any page.
        _table.ForgetChecksums();
    }

    private string Data => Snapshot.FullPath(Snapshot.Files[0]);

    private Snapshot Snapshot => _table.LatestSnapshot()!;

    public void Dispose() => _scratch.Dispose();

    // The check value of CRC-32/ISO-HDLC in the catalogue of parametrised CRC algorithms.
    [Fact]
    public void Checksum_is_that_of_zlib()
    {
        Assert.Equal(0xCBF43926u, Crc32.Append(0, "123456789"u8));
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("123456789", 11)));
        for (int at = 0; at <= bytes.Length; at++)
        {
            Assert.Equal(Crc32.Append(0, bytes), Crc32.Append(Crc32.Append(0, bytes.AsSpan(0, at)), bytes.AsSpan(at)));
        }
    }

    [Fact]
    public void Every_flipped_bit_among_the_pages_is_refused()
    {
        byte[] whole = File.ReadAllBytes(Data);
        List<string> rows = Rows.Of(Snapshot);
        int end;
        using (FileStream file = File.OpenRead(Data))
        {
            (long start, long length, long values) = Assert.Single(ChunkPlaces.Read(file));
            Assert.Equal(2_000, values);
            Assert.Equal(4, start);
            end = (int)(start + length);
        }

        int found = 0;
        for (int at = 4; at < end; at++)
        {
            byte[] damaged = [.. whole];
            damaged[at] ^= (byte)(1 << (at % 8));
            File.WriteAllBytes(Data, damaged);
            try
            {
                Snapshot.RequireWhole(Snapshot.Files[0]);
                Assert.Equal(rows, Rows.Of(Snapshot));
            }
            catch (OneRecException e)
            {
                Assert.Equal(("delta.file-broken", ErrorKind.Table), (e.Code, e.Kind));
                found++;
            }
        }

        // What is left are bits of page headers that no reader needs.
        Assert.InRange(found, (end - 4) * 95 / 100, end - 4);
    }

    [Fact]
    public void Damaged_page_is_told_with_the_file_by_the_check_and_by_the_scan()
    {
        byte[] bytes = File.ReadAllBytes(Data);
        bytes[200] ^= 4;
        File.WriteAllBytes(Data, bytes);
        string file = Snapshot.Files[0].DecodedPath;
        var e = Assert.Throws<OneRecException>(() => Snapshot.RequireChecksums(Snapshot.Files[0]));
        Assert.Equal($"{_table.Folder} version 0: {file} is damaged: it differs from its checksum; restore the file", e.Message);
        e = Assert.Throws<OneRecException>(() => Rows.Of(Snapshot));
        Assert.Equal($"{_table.Folder} version 0: {file} is damaged: it differs from its checksum; restore the file", e.Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    [InlineData(100)]
    [InlineData(-1)]
    public void Truncated_file_is_refused_by_the_check(int length)
    {
        using (FileStream file = File.OpenWrite(Data))
        {
            file.SetLength(length < 0 ? file.Length + length : length);
        }

        var e = Assert.Throws<OneRecException>(() => Snapshot.RequireChecksums(Snapshot.Files[0]));
        Assert.Equal("delta.file-broken", e.Code);
    }

    [Theory]
    [InlineData(ParquetDataPageVersion.V1)]
    [InlineData(ParquetDataPageVersion.V2)]
    public void Files_of_other_writers_pass_with_and_without_checksums(ParquetDataPageVersion pages)
    {
        foreach (bool checksums in new[] { false, true })
        {
            string path = _scratch[$"{pages}-{checksums}.parquet"];
            using (var builder = new WriterPropertiesBuilder())
            {
                builder.DataPageVersion(pages).DataPagesize(200).MaxRowGroupLength(700);
                if (checksums)
                {
                    builder.EnablePageChecksum();
                }

                RecordBatch batch = Tables.Batch(
                    ("id", Tables.Longs(Enumerable.Range(0, 2_000).Select(i => (long)i))),
                    ("text", Tables.Texts(Enumerable.Range(0, 2_000).Select(i => i % 3 == 0 ? null : $"text {i % 50}"))));
                using WriterProperties properties = builder.Build();
                using var writer = new FileWriter(path, batch.Schema, properties);
                writer.WriteRecordBatch(batch);
                writer.Close();
            }

            Assert.True(PageChecksums.AreRight(path));
            byte[] bytes = File.ReadAllBytes(path);
            bytes[150] ^= 1;
            File.WriteAllBytes(path, bytes);
            Assert.Equal(!checksums, PageChecksums.AreRight(path));
        }
    }
}
