using OneRec.Core;
using OneRec.Pipeline.Queries;

namespace OneRec.Pipeline.Tests.Queries;

public sealed class VersionedTablesTests
{
    private static readonly string[] Names = ["items", "item_pairs", "current_ids"];

    [Theory]
    [InlineData("SELECT * FROM items", "SELECT * FROM items", "")]
    [InlineData("SELECT * FROM items@12", "SELECT * FROM \"items@12\"", "items@12")]
    [InlineData("SELECT * FROM ITEMS@0 AS a JOIN items@0 b USING (item_id), item_pairs@7", "SELECT * FROM \"items@0\" AS a JOIN \"items@0\" b USING (item_id), \"item_pairs@7\"", "items@0 item_pairs@7")]
    [InlineData("SELECT * FROM items@'2026-11-30'", "SELECT * FROM \"items@2026-11-30T00:00:00Z\"", "items@2026-11-30T00:00:00Z")]
    [InlineData("SELECT * FROM current_ids@'2026-11-30T02:00:00.25+01:00'", "SELECT * FROM \"current_ids@2026-11-30T01:00:00.25Z\"", "current_ids@2026-11-30T01:00:00.25Z")]
    [InlineData("SELECT 'items@1 it''s items@2', \"items@3\", `items@4`", "SELECT 'items@1 it''s items@2', \"items@3\", `items@4`", "")]
    [InlineData("SELECT $$items@1$$, $a$ items@2 $ $a$ FROM items@3", "SELECT $$items@1$$, $a$ items@2 $ $a$ FROM \"items@3\"", "items@3")]
    [InlineData("SELECT 1 -- items@1\nFROM items@2 /* items@3 */", "SELECT 1 -- items@1\nFROM \"items@2\" /* items@3 */", "items@2")]
    [InlineData("SELECT @x, a@1, my_items@2, items @3 FROM items", "SELECT @x, a@1, my_items@2, items @3 FROM items", "")]
    [InlineData("SELECT 'open items@1", "SELECT 'open items@1", "")]
    [InlineData("SELECT 1 /* open items@1", "SELECT 1 /* open items@1", "")]
    [InlineData("SELECT $open$ items@1", "SELECT $open$ items@1", "")]
    [InlineData("items@", "items@", "")]
    public void Tables_with_versions_get_names_of_their_own(string sql, string rewritten, string tables)
    {
        VersionedTables found = VersionedTables.Of(sql, Names);
        Assert.Equal((rewritten, tables), (found.Sql, string.Join(' ', found.Tables.Select(t => t.Name))));
    }

    [Theory]
    [InlineData("SELECT * FROM items@'yesterday'", "names no time")]
    [InlineData("SELECT * FROM items@''", "names no time")]
    [InlineData("SELECT * FROM items@'2026-13-01'", "names no time")]
    [InlineData("SELECT * FROM items@99999999999999999999", "names no version")]
    [InlineData("SELECT * FROM items@12x", "names no version")]
    public void What_is_no_version_is_refused(string sql, string message)
    {
        OneRecException e = Assert.Throws<OneRecException>(() => VersionedTables.Of(sql, Names));
        Assert.Equal((ErrorKind.Configuration, "sql.version"), (e.Kind, e.Code));
        Assert.Contains(message, e.Message, StringComparison.Ordinal);
    }
}
