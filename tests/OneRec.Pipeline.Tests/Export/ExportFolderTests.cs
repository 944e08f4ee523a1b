using System.Security.Cryptography;
using System.Text.Json.Nodes;
using OneRec.Core;
using OneRec.Export;
using OneRec.Export.Folder;
using OneRec.Export.Formats;
using OneRec.Export.Ids;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Tests.Export;

/// <summary>The folder of an export is there whole or not at all, and nothing that is not ours is deleted.</summary>
public sealed class ExportFolderTests : IDisposable
{
    private readonly ExportDesk _desk = new();

    public ExportFolderTests() => _desk.Write(ExportDesk.Numbers);

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void The_note_tells_of_what_the_export_is_and_hashes_every_file()
    {
        _desk.Export("torcheasyrec", "out");
        JsonNode note = JsonNode.Parse(File.ReadAllText(_desk["out/export.json"]))!;
        Assert.Equal(
            ("onerec export", "torcheasyrec", ExportDesk.Codebook, "m", 1L, true, 7L, 5L),
            ((string)note["writer"]!, (string)note["format"]!, (string)note["codebook_id"]!, (string)note["model_id"]!, (long)note["generation"]!,
                (bool)note["published"]!, (long)note["items"]!, (long)note["ids"]!));
        Assert.Equal("""{"codebooks":0,"items":0,"published":0,"semantic_ids":0}""", note["tables"]!.ToJsonString());
        Assert.Equal("""{"policy":"share","items":4,"shared_ids":2,"left_out":0}""", note["twins"]!.ToJsonString());
        Assert.Equal("""{"items":1,"exported":false}""", note["deleted"]!.ToJsonString());
        Assert.Equal(
            Directory.EnumerateFiles(_desk["out"], "*", SearchOption.AllDirectories)
                .Where(f => Path.GetFileName(f) != "export.json")
                .Select(f => $"{Path.GetRelativePath(_desk["out"], f)} {new FileInfo(f).Length} {Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(f)))}")
                .Order(StringComparer.Ordinal),
            note["files"]!.AsArray().Select(f => $"{f!["name"]} {f["bytes"]} {f["sha256"]}"));
        Assert.Equal(["out", "tables"], Entries());
    }

    [Fact]
    public void Every_format_gives_the_same_bytes_again()
    {
        foreach (string format in ExportFormats.All.Select(f => f.Name))
        {
            _desk.Export(format, "out", overwrite: true);
            Dictionary<string, string> first = Bytes(_desk["out"]);
            Assert.True(first.Count > 2);
            _desk.Export(format, "out", overwrite: true);
            Assert.Equal(first, Bytes(_desk["out"]));
        }

        Assert.Equal(["out", "tables"], Entries());
    }

    [Fact]
    public void Twins_and_deleted_items_are_told_and_the_first_twin_stays()
    {
        Assert.Contains(new Fact("twins", "4 items share 2 IDs (share)"), _desk.Export("tokens", "share"));
        Assert.Contains(new Fact("twins", "4 items share 2 IDs; the slot, 0 to 5, is the last code (slot)"), _desk.Export("tokens", "slot", TwinPolicy.Slot));
        IReadOnlyList<Fact> first = _desk.Export("jsonl", "first", TwinPolicy.First);
        Assert.Contains(
            new Fact("twins", "4 items share 2 IDs; 2 are left out: of each ID, the item with the lowest slot, which got it first, stays (first)"), first);
        Assert.Contains(Fact.Of("items", 5), first);
        Assert.Contains(new Fact("deleted", "1 items, left out"), first);
        Assert.Equal(["-5", "3", "8", "30", "9007199254740993"], Items("first"));
        Assert.Contains(new Fact("deleted", "1 items, exported too"), _desk.Export("jsonl", "all", deleted: true));
        Assert.Equal(["-5", "2", "3", "4", "8", "17", "30", "9007199254740993"], Items("all"));

        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Export("jsonl", "none", TwinPolicy.Fail));
        Assert.Equal(
            (ErrorKind.Input, "semantic_ids: 4 items share 2 IDs, such as 1-0-7 (2 items); use --twins slot, first or share"), (refused.Kind, refused.Message));
        Assert.Equal(["all", "first", "share", "slot", "tables"], Entries());

        _desk.Write([.. ExportDesk.Numbers.DistinctBy(i => string.Join('-', i.Codes))]);
        Assert.Contains(new Fact("twins", "none"), _desk.Export("jsonl", "none", TwinPolicy.Fail));
    }

    [Fact]
    public void What_is_not_an_export_is_not_replaced()
    {
        Directory.CreateDirectory(_desk["mine"]);
        RequireRefused("mine", overwrite: false, "exists; add --overwrite to replace an earlier export, or name a folder that does not exist");
        File.WriteAllText(_desk["mine/notes.txt"], "x");
        RequireRefused("mine", overwrite: true, "mine has no export.json of an export, so --overwrite would delete what is not ours");
        foreach (string other in (string[])["{}", "[1]", "null", "{\"writer\": 7}", "{\"writer\":\"onerec export\"}", "\0"])
        {
            File.WriteAllText(_desk["mine/export.json"], other);
            RequireRefused("mine", overwrite: true, "mine has no export.json of an export");
        }

        _desk.Export("jsonl", "out");
        RequireRefused("out", overwrite: false, "out exists; add --overwrite");
        File.WriteAllText(_desk["out/out.inter.json"], "x");
        RequireRefused("out", overwrite: true, "out/out.inter.json is not a file of an export, so --overwrite would delete what is not ours; move it");
        File.Delete(_desk["out/out.inter.json"]);
        Directory.CreateDirectory(_desk["out/empty"]);
        RequireRefused("out", overwrite: true, "out/empty is not a file of an export");
        Directory.Delete(_desk["out/empty"]);
        Directory.CreateSymbolicLink(_desk["out/link"], _desk["tables"]);
        RequireRefused("out", overwrite: true, "out/link is not a file of an export");
        File.Delete(_desk["out/link"]);

        Directory.CreateSymbolicLink(_desk["alias"], _desk["out"]);
        RequireRefused("alias", overwrite: true, "alias is a symbolic link");
        File.WriteAllText(_desk["file"], "x");
        RequireRefused("file", overwrite: true, "file is a file");
        RequireRefused("tables/ids", overwrite: false, "lies in the folder of tables");
        RequireRefused("alias/../tables/ids", overwrite: false, "lies in the folder of tables");
        RequireRefused("file/below", overwrite: false, "cannot be written");
        RequireRefused(".hidden", overwrite: false, "whose name starts with no dot");

        // The cures work: --overwrite, and moving the file away.
        _desk.Export("csv", "out", overwrite: true);
        Assert.Equal(["export.json", "item_to_sid.csv", "sid_to_items.csv"], Directory.GetFiles(_desk["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["alias", "file", "mine", "out", "tables"], Entries());
    }

    [Fact]
    public void An_export_that_ends_early_leaves_nothing_and_the_one_before_stays()
    {
        _desk.Export("jsonl", "out");
        Dictionary<string, string> before = Bytes(_desk["out"]);
        using var stop = new CancellationTokenSource();
        var request = new ExportRequest("trie", _desk["out"], "out") { Overwrite = true };
        Assert.ThrowsAny<OperationCanceledException>(() => _desk.Export(request, new Stops(stop), stop.Token));
        Assert.Equal(before, Bytes(_desk["out"]));
        Assert.ThrowsAny<OperationCanceledException>(() => _desk.Export(request with { Folder = _desk["new"] }, new Stops(stop), stop.Token));
        Assert.Equal(["out", "tables"], Entries());
    }

    [Fact]
    public void What_a_killed_export_left_is_used_again_and_two_exports_do_not_mix()
    {
        string left = _desk[".out.onerec-export"];
        Directory.CreateDirectory(Path.Combine(left, "item_to_sid"));
        File.WriteAllText(Path.Combine(left, "item_to_sid", "part-0.parquet"), "half");
        File.WriteAllText(Path.Combine(left, "old.json"), "half");
        using (var held = new FileStream(Path.Combine(left, ".lock"), FileMode.Create, FileAccess.ReadWrite, FileShare.None))
        {
            OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Export("jsonl", "out"));
            Assert.Equal((ErrorKind.Table, "export.held"), (refused.Kind, refused.Code));
            Assert.True(File.Exists(Path.Combine(left, "old.json")));
        }

        _desk.Export("jsonl", "out");
        Assert.Equal(["export.json", "item_to_sid.jsonl", "sid_to_items.jsonl"], Directory.GetFileSystemEntries(_desk["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(["out", "tables"], Entries());
    }

    [Fact]
    public void Where_folders_cannot_be_exchanged_one_replaces_the_other_and_a_kill_between_loses_neither()
    {
        _desk.Export("csv", "out");
        Dictionary<string, string> before = Bytes(_desk["out"]);

        // Killed when the export before was aside and the new one not yet in its place.
        Directory.Move(_desk["out"], _desk[".out.onerec-export-replaced"]);
        using (ExportFolder.Begin(_desk["out"], overwrite: true, (_, _) => false))
        {
            Assert.Equal(before, Bytes(_desk["out"]));
        }

        // Killed when the one before was not yet removed.
        Directory.CreateDirectory(_desk[".out.onerec-export-replaced"]);
        File.Copy(_desk["out/export.json"], _desk[".out.onerec-export-replaced/export.json"]);
        using (ExportFolder folder = ExportFolder.Begin(_desk["out"], overwrite: true, (_, _) => false))
        {
            Assert.False(Path.Exists(_desk[".out.onerec-export-replaced"]));
            folder.Create("a/b.txt").Dispose();
            folder.Seal();
            Assert.Equal(before, Bytes(_desk["out"]));
            Assert.Null(folder.Publish("{}"u8));
        }

        Assert.Equal(["a/b.txt", "export.json"], Bytes(_desk["out"]).Keys.Order(StringComparer.Ordinal));
        Assert.Equal(["out", "tables"], Entries());
    }

    [Fact]
    public void A_file_that_comes_while_an_export_is_replaced_is_not_lost()
    {
        _desk.Export("csv", "out");
        using (ExportFolder folder = ExportFolder.Begin(_desk["out"], overwrite: true))
        {
            File.WriteAllText(_desk["out/mine.txt"], "mine");
            Assert.Equal(_desk["out.replaced"], folder.Publish("{}"u8));
        }

        Assert.Equal(["mine.txt"], Bytes(_desk["out.replaced"]).Keys);
        Assert.Equal(["out", "out.replaced", "tables"], Entries());
    }

    [Fact]
    public void Without_IDs_the_cure_is_told()
    {
        using var empty = new ExportDesk();
        Assert.Equal(
            "codebooks: there is no codebook yet; run 'onerec train' first", Assert.Throws<OneRecException>(() => empty.Export("jsonl", "out")).Message);
        empty.Write([ExportDesk.Numbers[3]]);
        Assert.Equal(
            $"semantic_ids: codebook {ExportDesk.Codebook} has no IDs but those of 1 deleted items; add --deleted to export these",
            Assert.Throws<OneRecException>(() => empty.Export("jsonl", "out")).Message);
        empty.Export("jsonl", "out", deleted: true);
        empty.Options = empty.Options with { Codebook = "0123456789abcdef" };
        Assert.Contains("is not in table codebooks", Assert.Throws<OneRecException>(() => empty.Export("jsonl", "new")).Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(empty["new"]));
    }

    [Fact]
    public void Tables_that_do_not_belong_together_are_refused()
    {
        (DeskId[] Rows, string Why)[] broken =
        [
            ([.. ExportDesk.Numbers, new DeskId(2L, [0, 0, 0])], "semantic_ids: item 2 has 2 IDs"),
            ([.. ExportDesk.Numbers, new DeskId(99L, [1, 0, 7], 2)], "semantic_ids: 2 items have ID 1-0-7 and slot 2"),
            ([new DeskId(1L, [0, 5, 0])], $"semantic_ids: ID 0-5-0 has code 5, but level 2 of codebook {ExportDesk.Codebook} has 5 codes"),
            ([new DeskId(1L, [0, 1])], $"semantic_ids: ID 0-1 has 2 codes, but codebook {ExportDesk.Codebook} has 3 levels"),
        ];
        Assert.All(broken, b =>
        {
            _desk.Write(b.Rows);
            OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Export("trie", "out"));
            Assert.Equal((ErrorKind.Table, $"{b.Why}; see what 'onerec verify' says, and restore an older version of the table"), (refused.Kind, refused.Message));
        });

        _desk.Write(ExportDesk.Numbers, repeatItems: true);
        Assert.StartsWith("items: 7 items of semantic_ids have 14 rows; ", Assert.Throws<OneRecException>(() => _desk.Export("jsonl", "out")).Message, StringComparison.Ordinal);
        Assert.Equal(["tables"], Entries());

        // A catalogue that is gone costs the titles only.
        Directory.Delete(_desk["tables/items"], recursive: true);
        _desk.Export("jsonl", "out");
        Assert.Equal(7, File.ReadLines(_desk["out/item_to_sid.jsonl"]).Count(l => l.EndsWith("\"title\":null}", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_codebook_that_is_not_published_has_no_generation()
    {
        using var desk = new ExportDesk();
        Assert.Contains(new Fact("generation", "not published"), desk.Write(ExportDesk.Numbers, publish: false).Export("jsonl", "out"));
        JsonNode note = JsonNode.Parse(File.ReadAllText(desk["out/export.json"]))!;
        Assert.Equal(("null", false), (note["generation"]?.ToJsonString() ?? "null", (bool)note["published"]!));
        Assert.Null(note["tables"]!["published"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(100)]
    public void Rows_come_in_order_however_they_are_cut_into_parts(int partRows)
    {
        foreach (IReadOnlyList<DeskId> rows in (IReadOnlyList<DeskId>[])[ExportDesk.Numbers, ExportDesk.Texts])
        {
            using var desk = new ExportDesk();
            desk.Write(rows);
            DeskId[] live = [.. rows.Where(i => !i.IsDeleted)];
            string[] byItem = desk.Read(partRows, ids => ids.ByItem("x", withTexts: true).Select(i => $"{i.Id} {i.Sid} {i.Slot} {i.Title}").ToArray());
            IEnumerable<DeskId> sorted = live[0].Id is long
                ? live.OrderBy(i => (long)i.Id)
                : live.OrderBy(i => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(i.Key)), StringComparer.Ordinal);
            Assert.Equal(sorted.Select(i => $"{i.Key} {string.Join('-', i.Codes)} {i.Slot} {i.Title}"), byItem);
            string[] byCodes = desk.Read(partRows, ids => ids.ByCodes("x").Select(i => $"{i.Sid} {i.Id}").ToArray(), TwinPolicy.Slot);
            Assert.Equal(
                live.OrderBy(i => (i.Codes[0], i.Codes[1], i.Codes[2], i.Slot)).Select(i => $"{string.Join('-', i.Codes)}-{i.Slot} {i.Key}"), byCodes);
        }
    }

    private void RequireRefused(string folder, bool overwrite, string why)
    {
        string[] before = Entries();
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Export("jsonl", folder, overwrite: overwrite));
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.NotEqual(ErrorKind.Bug, refused.Kind);
        Assert.Equal(before, Entries());
    }

    private string[] Entries() => [.. Directory.GetFileSystemEntries(_desk["."]).Select(e => Path.GetFileName(e)!).Order(StringComparer.Ordinal)];

    private IEnumerable<string> Items(string folder) =>
        File.ReadLines(_desk[$"{folder}/item_to_sid.jsonl"]).Select(l => JsonNode.Parse(l)!["item_id"]!.ToString());

    private static Dictionary<string, string> Bytes(string folder) => Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
        .ToDictionary(f => Path.GetRelativePath(folder, f), f => Convert.ToHexString(SHA256.HashData(File.ReadAllBytes(f))));

    /// <summary>Stops the export at its first progress.</summary>
    private sealed class Stops(CancellationTokenSource stop) : IRunObserver
    {
        public void Started(string step)
        {
        }

        public void Message(string step, string line)
        {
        }

        public void Progressed(string step, string phase, long done, long total, string unit) => stop.Cancel();

        public void Finished(StepSummary summary)
        {
        }
    }
}
