using System.Globalization;

namespace OneRec.Core.Tests;

public sealed class ProblemsTests
{
    [Fact]
    public void All_problems_are_told_at_once_in_the_order_found()
    {
        var problems = new Problems();
        problems.Add("unknown key 'swng'; did you mean 'swing'?");
        problems.Require(1 > 2, "train.levels", "must be at least 1", 0);
        problems.Require(2 > 1, "train.codes", "must be at least 1", 8192);
        problems.Require(false, "input.items", "must be given", null);
        var e = Assert.Throws<OneRecException>(problems.ThrowIfAny);
        Assert.Equal(
            ("unknown key 'swng'; did you mean 'swing'?; train.levels must be at least 1 (got 0); input.items must be given (got null)",
                "config.invalid", ErrorKind.Configuration),
            (e.Message, e.Code, e.Kind));
        Assert.Equal(3, problems.Lines.Count);
    }

    [Fact]
    public void No_problem_is_no_error() => new Problems().ThrowIfAny();

    [Fact]
    public void Value_in_force_is_told_in_no_local_spelling()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        CultureInfo.CurrentCulture = new CultureInfo("de-DE");
        try
        {
            var problems = new Problems();
            problems.Require(false, "swing.beta", "must be at most 1", 1.5);
            Assert.Equal(["swing.beta must be at most 1 (got 1.5)"], problems.Lines);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
