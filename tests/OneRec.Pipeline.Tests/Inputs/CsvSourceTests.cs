using OneRec.Core;
using OneRec.Csv.Types;
using OneRec.Engine.Sources;
using OneRec.Inputs.Files;
using OneRec.Inputs.Sources;
using OneRec.Testing;

namespace OneRec.Pipeline.Tests.Inputs;

public sealed class CsvSourceTests : IDisposable
{
    private static readonly Dictionary<string, ColumnType> Undeclared = [];

    private readonly ScratchFolder _folder = new();

    [Theory]
    [InlineData("1,-2,0,9223372036854775807", ColumnType.BigInt)]
    [InlineData("1,007", ColumnType.Text)]
    [InlineData("1,9223372036854775808", ColumnType.Double)]
    [InlineData("+1,2", ColumnType.Double)]
    [InlineData("-0,2", ColumnType.BigInt)]
    [InlineData("1,2.5,1e-3", ColumnType.Double)]
    [InlineData("1,", ColumnType.BigInt)]
    [InlineData(",", ColumnType.Text)]
    [InlineData("1, 2", ColumnType.Text)]
    [InlineData("1e999", ColumnType.Text)]
    [InlineData("0x1F", ColumnType.Text)]
    [InlineData("NaN,1", ColumnType.Text)]
    public void Type_is_the_narrowest_that_every_value_fits(string values, ColumnType type) =>
        Assert.Equal(type, Open("x\n" + values.Replace(',', '\n') + "\n").TypeOf("x"));

    [Fact]
    public void Declared_types_are_not_inferred()
    {
        var declared = new Dictionary<string, ColumnType> { ["x"] = ColumnType.Text };
        Assert.Equal(ColumnType.Text, Open("x\n1\n", declared).TypeOf("x"));
    }

    [Fact]
    public void Sample_is_the_first_ten_thousand_rows()
    {
        string rows = string.Concat(Enumerable.Range(0, CsvSource.SampleRows).Select(n => n + "\n"));
        Assert.Equal(ColumnType.BigInt, Open("x\n" + rows + "text\n").TypeOf("x"));
        Assert.Equal(ColumnType.Text, Open("x\n" + rows[2..] + "text\n").TypeOf("x"));
    }

    [Fact]
    public void Sample_continues_in_the_next_file()
    {
        File.WriteAllText(_folder["b.csv"], "x\n7\n");
        File.WriteAllText(_folder["c.csv"], "x\ntext\n");
        var source = CsvSource.Open(InputFiles.Open(LocalInputs.Instance, "input.items", _folder.Path), false, Undeclared);
        Assert.Equal(ColumnType.Text, source.TypeOf("x"));
        Assert.Equal([_folder["b.csv"], _folder["c.csv"]], source.Files.Files);
    }

    [Theory]
    [InlineData("1260759144", InputTimeUnit.S)]
    [InlineData("2024-02-29", InputTimeUnit.Date)]
    [InlineData("2024-02-29T10:00:00Z", InputTimeUnit.Timestamp)]
    [InlineData("2024-02-29 10:00:00.123456+02:00", InputTimeUnit.Timestamp)]
    [InlineData("2023-02-29", null)]
    [InlineData("1.5", InputTimeUnit.S)]
    [InlineData("1260759144.0", InputTimeUnit.S)]
    [InlineData("1.260759144e12", InputTimeUnit.Ms)]
    [InlineData("2019-10-01 00:00:00 UTC", InputTimeUnit.Timestamp)]
    [InlineData("01/31/2024", null)]
    [InlineData("yesterday", null)]
    public void Unit_of_times_is_inferred(string value, InputTimeUnit? unit) => Assert.Equal(unit, Open($"t\n{value}\n").TimeUnitOf("t"));

    [Fact]
    public void Missing_column_names_the_nearest()
    {
        CsvSource source = Open("userId,movieId\n1,2\n");
        OneRecException refused = Assert.Throws<OneRecException>(() => source.Require("user_id", "input.columns.user"));
        Assert.Equal($"{_folder["x.csv"]} has no column 'user_id'; did you mean 'userId'? (set input.columns.user)", refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        refused = Assert.Throws<OneRecException>(() => source.Require("timestamp", "input.columns.time"));
        Assert.Equal($"{_folder["x.csv"]} has no column 'timestamp'; it has userId, movieId (set input.columns.time)", refused.Message);
    }

    [Theory]
    [InlineData("", "{0} is empty; it must begin with a header")]
    [InlineData("a,,b\n", "{0}: column 2 has no name in the header")]
    [InlineData("a,A\n", "{0}: the header has 'a' twice (names are case-insensitive); rename one")]
    public void Invalid_header_is_an_error(string text, string message)
    {
        OneRecException refused = Assert.Throws<OneRecException>(() => Open(text));
        Assert.Equal(string.Format(message, _folder["x.csv"]), refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
    }

    [Fact]
    public void Files_with_different_headers_are_an_error()
    {
        File.WriteAllText(_folder["a.csv"], "x\n");
        File.WriteAllText(_folder["b.csv"], "y\n");
        OneRecException refused = Assert.Throws<OneRecException>(
            () => CsvSource.Open(InputFiles.Open(LocalInputs.Instance, "input.items", _folder.Path), false, Undeclared));
        Assert.Equal(
            $"{_folder["b.csv"]} has a different header from {_folder["a.csv"]}: it has no 'x'; make the headers the same", refused.Message);
    }

    [Fact]
    public void Fractions_are_ids_only_as_text()
    {
        Assert.Equal(ColumnType.Text, Open("x\n1.5\n").IdTypeOf("x"));
        var declared = new Dictionary<string, ColumnType> { ["x"] = ColumnType.Double };
        OneRecException refused = Assert.Throws<OneRecException>(() => Open("x\n1.5\n", declared).IdTypeOf("x"));
        Assert.Equal("input.types.x is DOUBLE, but ids are BIGINT or STRING", refused.Message);
        Assert.Equal(ErrorKind.Configuration, refused.Kind);
    }

    public void Dispose() => _folder.Dispose();

    private CsvSource Open(string text, Dictionary<string, ColumnType>? declared = null)
    {
        File.WriteAllText(_folder["x.csv"], text);
        return CsvSource.Open(InputFiles.Open(LocalInputs.Instance, "input.items", _folder["x.csv"]), false, declared ?? Undeclared);
    }
}
