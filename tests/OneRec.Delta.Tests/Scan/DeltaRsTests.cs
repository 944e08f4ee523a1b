using System.Text.Json;
using OneRec.Testing;

namespace OneRec.Delta.Tests;

/// <summary>Tables that delta-rs wrote, against the rows that it says they hold.</summary>
public sealed class DeltaRsTests
{
    [Theory]
    [InlineData("checkpointed")]
    [InlineData("deleted")]
    [InlineData("embeddings")]
    [InlineData("overwritten")]
    [InlineData("partitioned")]
    [InlineData("types")]
    public void Every_row_is_as_delta_rs_tells_it(string name)
    {
        string folder = Path.Combine(Desk.DeltaRsTables(), name);
        using JsonDocument expected = JsonDocument.Parse(File.ReadAllText(folder + ".expected.json"));
        Snapshot snapshot = DeltaTable.At(folder).LatestSnapshot()!;
        Assert.Equal(expected.RootElement.GetProperty("version").GetInt64(), snapshot.Version);
        var rows = expected.RootElement.GetProperty("rows").EnumerateArray()
            .Select(r => string.Join(" | ", snapshot.Schema.FieldsList.Select(f => Cell(f.Name, r.GetProperty(f.Name)))));
        Assert.Equal(rows.Sorted(), Rows.Of(snapshot).Sorted());
        Assert.Equal(expected.RootElement.GetProperty("rows").GetArrayLength(), snapshot.Rows);
    }

    [Fact]
    public void Version_before_an_overwrite_still_reads()
    {
        DeltaTable table = DeltaTable.At(Path.Combine(Desk.DeltaRsTables(), "overwritten"));
        Assert.Equal(["0", "1", "2"], Rows.Of(table.SnapshotAt(0), ["item_id"]));
        Assert.Equal(["70", "71"], Rows.Of(table.SnapshotAt(1), ["item_id"]));
    }

    [Fact]
    public void History_of_a_cleaned_log_ends_where_the_log_begins()
    {
        DeltaTable table = DeltaTable.At(Path.Combine(Desk.DeltaRsTables(), "checkpointed"));
        Assert.Equal([12, 11, 10, 9, 8, 7, 6, 5], table.History().Select(h => h.Version));
        Assert.All(table.History(), h => Assert.True(h is { Operation: "WRITE", ChangesData: true, UserMetadata: null }));
    }

    [Fact]
    public void Version_that_was_cleaned_up_is_refused_and_the_oldest_left_is_named()
    {
        string folder = Path.Combine(Desk.DeltaRsTables(), "checkpointed");
        var e = Assert.Throws<Core.OneRecException>(() => DeltaTable.At(folder).SnapshotAt(7));
        Assert.Equal(
            $"{folder} version 7 can no longer be read: its log was cleaned up, and version 11 is the oldest left", e.Message);
    }

    // The expectations were printed by Python: bytes as their repr, times with their offset.
    private static string Cell(string column, JsonElement e) => (column, e.ValueKind) switch
    {
        ("bin", JsonValueKind.String) => "\"00ff\"",
        ("ts", JsonValueKind.String) => JsonSerializer.Serialize(e.GetString()!.Replace("+00:00", "", StringComparison.Ordinal)),
        _ => Rows.Json(e),
    };
}
