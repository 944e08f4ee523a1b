using System.Text;
using System.Text.RegularExpressions;
using OneRec.Core;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>
/// Damaged, random and hostile logs: whatever the bytes, the reader gives a table or a refusal. It does not fall over, hang, or
/// take memory without bound.
/// </summary>
public sealed class LogFuzzTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public Task Damaged_commits_are_read_or_refused() => Damage(6_000, 20261130);

    [Fact]
    [Trait(TestKind.Trait, TestKind.All)]
    public Task Damaged_commits_are_read_or_refused_at_length() => Damage(200_000, 1);

    [Fact]
    public Task Damaged_tables_are_read_or_refused() => DamageTables(700, 20261130);

    [Fact]
    [Trait(TestKind.Trait, TestKind.All)]
    public Task Damaged_tables_are_read_or_refused_at_length() => DamageTables(15_000, 1);

    [Theory]
    [InlineData(0x00)]
    [InlineData(0x20)]
    [InlineData(0x0a)]
    [InlineData(0x5b)]
    [InlineData(0x7b)]
    [InlineData(0xff)]
    public void Large_commit_of_one_byte_is_refused(byte filling)
    {
        var log = new HandLog(_scratch["t"]);
        log.Create();
        byte[] bytes = new byte[8 << 20];
        bytes.AsSpan().Fill(filling);
        File.WriteAllBytes(log["00000000000000000001.json"], bytes);
        var e = Assert.Throws<OneRecException>(() => log.Table.LatestSnapshot());
        Assert.Equal("delta.log-broken", e.Code);
        Assert.Contains("_delta_log/00000000000000000001.json", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":[null],"writerFeatures":[]}}""")]
    [InlineData("""{"metaData":{"id":"x","format":{"provider":"parquet"},"schemaString":"{}","partitionColumns":[null],"configuration":{}}}""")]
    public void Name_that_is_null_is_no_whole_action(string line)
    {
        var log = new HandLog(_scratch["t"]);
        log.Create().Commit(1, line);
        Assert.Equal(
            $"{log.Folder} version 1: _delta_log/00000000000000000001.json line 1 is not a complete action; restore the file",
            Assert.Throws<OneRecException>(() => log.Table.LatestSnapshot()).Message);
    }

    [Fact]
    public void Byte_order_mark_is_skipped_and_makes_the_reader_no_less_strict()
    {
        var log = new HandLog(_scratch["t"]);
        log.Create();
        byte[] marked = [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(HandLog.Add("bX.parquet"))];
        File.WriteAllBytes(log["00000000000000000001.json"], marked);
        Assert.Equal("bX.parquet", Assert.Single(log.Table.LatestSnapshot()!.Files).Path);

        marked[Array.IndexOf(marked, (byte)'X')] = 0xff;
        File.WriteAllBytes(log["00000000000000000001.json"], marked);
        Assert.Equal("delta.log-broken", Assert.Throws<OneRecException>(() => log.Table.LatestSnapshot()).Code);

        // UTF-16 is no encoding of a log, marked or not.
        File.WriteAllBytes(log["00000000000000000001.json"], [.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(HandLog.Add("b.parquet"))]);
        Assert.Equal("delta.log-broken", Assert.Throws<OneRecException>(() => log.Table.LatestSnapshot()).Code);
    }

    /// <summary>Commits alone, from memory: very many.</summary>
    private async Task Damage(int cases, ulong seed)
    {
        byte[][] originals = [.. Originals()];
        var random = new SplitMix64(seed);
        int read = 0;
        await Reading.Cases(cases, i =>
        {
            byte[] bytes = Damaged(originals, ref random);
            Reading.Outcome outcome = Reading.Outcome.Read;
            Explain(i, bytes, () =>
            {
                IReadOnlyList<TableAction>? actions = Reading.Allow(() => CommitContent.Read("t", 1, new MemoryStream(bytes)), ref outcome);
                foreach (Metadata metadata in actions?.OfType<Metadata>() ?? [])
                {
                    Reading.Allow(() => metadata.Schema, ref outcome);
                }
            });
            read += outcome == Reading.Outcome.Read ? 1 : 0;
        });

        // Both must be common, or the damage proves nothing.
        TestContext.Current.SendDiagnosticMessage("{0} of {1} damaged commits were read", read, cases);
        Assert.InRange(read, cases / 20, cases * 19 / 20);
    }

    /// <summary>Whole tables, in which one commit is damaged or a name of the log.</summary>
    private async Task DamageTables(int cases, ulong seed)
    {
        byte[][] originals = [.. Originals()];
        var random = new SplitMix64(seed);
        int read = 0;
        await Reading.Cases(cases, i =>
        {
            string folder = _scratch[$"{i}"];
            Directory.CreateDirectory(Path.Combine(folder, "_delta_log"));
            int damaged = (int)random.NextBelow(3);
            byte[] bytes = [];
            for (int version = 0; version < 3; version++)
            {
                byte[] commit = version == 0 ? First : originals[random.NextBelow(originals.Length)];
                if (version == damaged)
                {
                    bytes = commit = Damaged([commit], ref random);
                }

                File.WriteAllBytes(Path.Combine(folder, "_delta_log", OddName(version, ref random)), commit);
            }

            Explain(i, bytes, () => read += Reading.All(folder) == Reading.Outcome.Read ? 1 : 0);
            Directory.Delete(folder, recursive: true);
        });
        TestContext.Current.SendDiagnosticMessage("{0} of {1} damaged tables were read", read, cases);
        Assert.InRange(read, cases / 20, cases * 19 / 20);
    }

    private static byte[] First { get; } = Encoding.UTF8.GetBytes(
        string.Join('\n', HandLog.Protocol(), HandLog.MetaData(), HandLog.Add("p=a/0.parquet", stats: """{"numRecords":1,"minValues":{"id":1},"maxValues":{"id":3},"nullCount":{"id":0}}""")));

    private static byte[] Damaged(byte[][] originals, ref SplitMix64 random)
    {
        byte[] original = originals[random.NextBelow(originals.Length)];
        return random.NextBelow(10) switch
        {
            0 => Mutation.Draw((int)random.NextBelow(300), ref random),
            < 4 => Mutation.OfBytes(original, ref random),
            _ => Encoding.UTF8.GetBytes(Mutation.OfJson(Encoding.UTF8.GetString(original), ref random)),
        };
    }

    // Mostly the right one.
    private static string OddName(int version, ref SplitMix64 random) => random.NextBelow(60) switch
    {
        0 => $"{version:D20}.checkpoint.0000000001.2147483647.parquet",
        1 => "09223372036854775807.json",
        2 => $"{version:D20}.checkpoint.parquet",
        3 => $"{version:D19}.json",
        _ => $"{version:D20}.json",
    };

    /// <summary>Commits of ours, of delta-rs where its tables are there, and lines of the protocol that other writers have.</summary>
    private List<byte[]> Originals()
    {
        DeltaTable table = DeltaTable.At(_scratch["ours"]);
        table.Append((1, "a b"), (2, null), (3, "x=y/%"));
        table.Overwrite(4);
        Transaction noted = table.Begin(table.LatestSnapshot()!);
        noted.SetTransaction("app", 7);
        noted.Commit("WRITE", userMetadata: "{\"a\":[1,2,{}]}");
        var commits = new List<byte[]>
        {
            First,
            Encoding.UTF8.GetBytes("""
                {"commitInfo":{"timestamp":1700000000000,"operation":"DELETE","operationParameters":{"predicate":"[\"(id#1 = 5)\"]"},"readVersion":3,"isolationLevel":"Serializable","isBlindAppend":false,"operationMetrics":{"numRemovedFiles":"0"},"engineInfo":"Apache-Spark/3.5.3 Delta-Lake/3.3.2","txnId":"aa"}}
                {"protocol":{"minReaderVersion":3,"minWriterVersion":7,"readerFeatures":["timestampNtz"],"writerFeatures":["timestampNtz","appendOnly","invariants"]}}
                {"add":{"path":"p=a/part-1.parquet","partitionValues":{"p":"a"},"size":730,"modificationTime":1700000000000,"dataChange":true,"stats":"{\"numRecords\":2,\"minValues\":{\"id\":5},\"maxValues\":{\"id\":6},\"nullCount\":{\"id\":0},\"tightBounds\":false}","tags":{"INSERTION_TIME":"1700000000000000"},"deletionVector":null,"baseRowId":0,"defaultRowCommitVersion":4}}
                {"remove":{"path":"p=a/0.parquet","deletionTimestamp":1700000000000,"dataChange":true,"extendedFileMetadata":true,"partitionValues":{"p":"a"},"size":1,"stats":"{\"numRecords\":1}"}}
                {"domainMetadata":{"domain":"delta.clustering","configuration":"{}","removed":false}}
                {"cdc":{"path":"_change_data/c.parquet","partitionValues":{},"size":1,"dataChange":false}}
                """),
        };
        string[] logs = [_scratch["ours/_delta_log"], .. Others()];
        commits.AddRange(logs
            .SelectMany(l => Directory.GetFiles(l, "*.json").Order(StringComparer.Ordinal))
            .Select(File.ReadAllText)
            .Where(t => t.Length < 20_000)
            .Select(t => Encoding.UTF8.GetBytes(Regex.Replace(t, "\"onerecSeal\":\"[0-9a-f]{64}\",", ""))));
        return commits;
    }

    private static IEnumerable<string> Others()
    {
        string folder = Path.Combine(Desk.Shared, "data", "delta-rs-tables");
        return Directory.Exists(folder)
            ? Directory.GetDirectories(folder).Order(StringComparer.Ordinal).Select(t => Path.Combine(t, "_delta_log"))
            : [];
    }

    private static void Explain(int number, byte[] bytes, Action act)
    {
        try
        {
            act();
        }
        catch (Exception e)
        {
            Assert.Fail($"case {number}: {e}\n{Encoding.UTF8.GetString(bytes)[..Math.Min(bytes.Length, 4_000)]}");
        }
    }
}
