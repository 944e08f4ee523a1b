using OneRec.Inputs.Options;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class SqlTextTests
{
    [Theory]
    [InlineData("a = 1", "a = 1")]
    [InlineData("a = 1 AND b = 2 and c = 3", "a = 1", "b = 2", "c = 3")]
    [InlineData("a BETWEEN 1 AND 2 AND b = 3", "a BETWEEN 1 AND 2", "b = 3")]
    [InlineData("(a = 1 OR b = 2) AND c = 'x AND y'", "(a = 1 OR b = 2)", "c = 'x AND y'")]
    [InlineData("CASE WHEN a AND b THEN 1 ELSE 0 END = 1 AND c", "CASE WHEN a AND b THEN 1 ELSE 0 END = 1", "c")]
    [InlineData("a = 1 AND b = 2 OR c = 3", "a = 1 AND b = 2 OR c = 3")]
    [InlineData("a = 'it\\'s' AND b", "a = 'it\\'s' AND b")]
    [InlineData("a = $$x AND y$$", "a = $$x AND y$$")]
    [InlineData("a AND b -- AND c", "a", "b -- AND c")]
    [InlineData("a /* AND */ = 1 AND b", "a /* AND */ = 1", "b")]
    [InlineData("a_and_b = 1 AND t.and = 2", "a_and_b = 1", "t.and = 2")]
    [InlineData("\"x AND y\" = 1 AND `p AND q` = 2", "\"x AND y\" = 1", "`p AND q` = 2")]
    public void Conjuncts_are_split_only_if_it_is_safe(string predicate, params string[] parts) =>
        Assert.Equal(parts, SqlText.Conjuncts(predicate));

    [Theory]
    [InlineData("rating >= 4 -- (stars;")]
    [InlineData("name = 'a;(' AND x IN (1, 2)")]
    [InlineData("list[1] = '''' ")]
    public void One_expression_has_no_problem(string sql) => Assert.Null(SqlText.Problem(sql));
}
