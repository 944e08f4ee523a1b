using Apache.Arrow;
using OneRec.Kernels.Ids;
using OneRec.Pipeline.Compare;

namespace OneRec.Pipeline.Tests.Compare;

public sealed class IdMeasuresTests
{
    // Six items: two share an ID, one has none; codes of three at level 1, four at level 2.
    private static readonly SemanticIdSet Six = new("six", [[0, 1], [0, 1], [0, 2], [1, 0], [2, 3], null], [4, 4]);

    [Fact]
    public void Measures_of_a_set_that_can_be_counted_by_hand()
    {
        CompareTable table = IdMeasures.Measure([Six], null, null);

        Assert.Equal(5, Value(table, "items with an ID"));
        Assert.Equal(4.0 / 5, Value(table, "unique IDs / items"));
        Assert.Equal(3.0 / 5, Value(table, "items alone with their ID"));
        Assert.Equal(3.0 / 4, Value(table, "ICR (IDs of one item / IDs)"));
        Assert.Equal(2, Value(table, "most items of one ID"));
        Assert.Equal(3.0 / 4, Value(table, "codes used", 1));
        Assert.Equal(4.0 / 4, Value(table, "codes used", 2));
        Assert.Equal(3.0 / 4, Value(table, "prefixes used", 1));
        Assert.Equal(4.0 / 5, Value(table, "prefixes used", 2));

        // Counts 3, 1, 1 of 5.
        Assert.Equal(-((0.6 * Math.Log2(0.6)) + (2 * 0.2 * Math.Log2(0.2))), Value(table, "entropy of codes, bits", 1), 12);
        Assert.Equal((2.0 * ((1 * 1) + (2 * 1) + (3 * 3)) / (3 * 5)) - (4.0 / 3), Value(table, "Gini of occupied codes", 1), 12);
        Assert.Equal(3.0 * 2 / (5 * 4), Value(table, "chance: two items, same prefix", 1), 12);
        Assert.Equal(2.0 * 1 / (5 * 4), Value(table, "chance: two items, same prefix", 2), 12);
        Assert.DoesNotContain(table.Rows, r => r.Measure.Contains("D3", StringComparison.Ordinal));
    }

    [Fact]
    public void Held_out_partners_are_compared_with_shuffled_ones()
    {
        var data = new HeldOutData
        {
            Queries =
            [
                new(0, [1, 3], new HashSet<int>()),
                new(2, [0, 5], new HashSet<int>()),
                new(4, [3], new HashSet<int>()),
            ],
            Pairs = [],
            Users = [],
            MostClicked = new HashSet<int> { 4 },
            Seen = new HashSet<int>(),
        };
        CompareTable table = IdMeasures.Measure([Six], null, data);

        // Item 5 has no ID: pairs 0-1, 0-3, 2-0, 4-3.
        Assert.Equal(2.0 / 4, Value(table, "held-out partners, same prefix", 1));
        Assert.Equal(1.0 / 4, Value(table, "held-out partners, same prefix", 2));
        Assert.Equal(2.0 / 3, Value(table, "the same, without popular items", 1), 12);

        // First items 0 0 2 4, second items 1 3 0 3: of 16 combinations two are an item with itself.
        Assert.Equal((double)((3 * 2) - 2) / (16 - 2), Value(table, "the same, partners shuffled", 1), 12);
    }

    [Fact]
    public void A_set_with_fewer_levels_has_no_value_at_the_others()
    {
        CompareTable table = IdMeasures.Measure([Six, new SemanticIdSet("one", [[0], [0], [1], [1], [2], [2]])], null, null);

        Assert.Equal(["six", "one"], table.Sets);
        Assert.Equal([4, null], table.Rows.Single(r => r is { Measure: "codes", Level: 2 }).Values);
        Assert.Equal([0.75, 1], table.Rows.Single(r => r is { Measure: "codes used", Level: 1 }).Values);
    }

    [Theory]
    [InlineData(new[] { 1, 2 }, new int[0], "set.csv: item 8 has no codes")]
    [InlineData(new[] { 1, 2 }, new[] { 1, -2 }, "set.csv: item 8 has the code -2")]
    [InlineData(new[] { 1, 2 }, new[] { 1, 2, 3 }, "set.csv: item 8 has 3 codes, but item 7 has 2; all IDs of a set must be equally long")]
    public void Codes_that_are_no_ID_are_refused(int[] first, int[] second, string message)
    {
        SemanticIdSetBuilder builder = Builder(7, 8);
        builder.Add("7", first);
        Assert.Equal(message, Assert.Throws<Core.OneRecException>(() => builder.Add("8", second)).Message);
    }

    [Fact]
    public void Unknown_items_are_counted_and_a_set_of_strangers_is_refused()
    {
        SemanticIdSetBuilder builder = Builder(7, 8);
        builder.Add("x", [1]);
        Assert.Equal(
            "set.csv: none of its 1 items is in table items, such as x; are both of one catalogue?",
            Assert.Throws<Core.OneRecException>(() => builder.Build()).Message);
        builder.Add("8", [2]);
        Assert.Equal("set.csv: item 8 has two IDs", Assert.Throws<Core.OneRecException>(() => builder.Add("8", [2])).Message);
        SemanticIdSet set = builder.Build();
        Assert.Equal((1, 1), (builder.Unknown, set.Items));
        Assert.Null(set.Codes[0]);
        Assert.Equal("set.csv: it has no IDs", Assert.Throws<Core.OneRecException>(() => Builder(7).Build()).Message);
    }

    private static SemanticIdSetBuilder Builder(params long[] ids)
    {
        var numbers = new ItemNumbers();
        Int64Array column = new Int64Array.Builder().AppendRange(ids).Build();
        for (int i = 0; i < ids.Length; i++)
        {
            numbers.Add(column, i);
        }

        return new SemanticIdSetBuilder("set", "set.csv", new ComparedItems(numbers, null!));
    }

    private static double Value(CompareTable table, string measure, int? level = null) =>
        table.Rows.Single(r => r.Measure == measure && r.Level == level).Values[0]!.Value;
}
