using OneRec.Testing;

namespace OneRec.Cli.Tests.Job;

/// <summary>SQL that the user wrote, through the whole program: attacks are refused, and errors say what there is.</summary>
public sealed class UserSqlTests : IDisposable
{
    private readonly ScratchFolder _folder = new();

    public UserSqlTests()
    {
        File.WriteAllText(_folder["items.csv"], "item_id,title\n1,one\n2,two\n");
        File.WriteAllText(_folder["log.csv"], "user_id,item_id,event_time,stars\n1,1,1700000000,5\n1,2,1700000001,good\n2,1,1700000002,4\n2,2,1700000003,5\n");
        OneRecCommand.Succeed(Command("ingest"));
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_select_cannot_end_the_statement_around_it_and_write_a_file()
    {
        (int exit, string output, string error) = OneRecCommand.Run(
            [.. Command("sql"), $"SELECT 1) ; COPY (SELECT 'x') TO '{_folder["written"]}' (HEADER false); SELECT * FROM (SELECT 1"]);

        Assert.Equal((2, ""), (exit, output));
        Assert.Matches(@"\Aerror sql.invalid: sql: .+\n\z", error);
        Assert.False(File.Exists(_folder["written"]));
    }

    [Theory]
    [InlineData("SELECT * FROM read_text('/etc/passwd')", "the function read_text cannot be used here: SQL reads what it was given and nothing else")]
    [InlineData("SELECT * FROM '/etc/passwd'", "there is no table '/etc/passwd'; the tables are items, runs")]
    [InlineData("COPY items TO '/tmp/x'", "only one SELECT is run, and no other statement")]
    [InlineData("SELECT 1; SELECT 2", "only one SELECT is run; these are 2 statements")]
    [InlineData("SELECT tilte FROM items", "there is no column 'tilte'; items has the columns item_id, title, caption, tags, asr, ocr, content_hash, updated_at, deleted_at")]
    [InlineData("SELECT titel(title) FROM items", "Scalar Function with name titel does not exist; items has the columns item_id, title,")]
    [InlineData("SELECT * FROM itmes", "there is no table 'itmes'; the tables are items, runs")]
    [InlineData("SELECT FROM", "the tables are items, runs")]
    public void What_is_refused_is_one_line_that_names_what_there_is(string select, string message)
    {
        (int exit, string output, string error) = OneRecCommand.Run([.. Command("sql"), select]);

        Assert.Equal((2, ""), (exit, output));
        Assert.StartsWith("error sql.invalid: sql: ", error, StringComparison.Ordinal);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Equal(1, error.Count(c => c == '\n'));
    }

    [Fact]
    public void A_value_that_does_not_fit_is_told_with_a_cure_that_works()
    {
        (int exit, _, string error) = OneRecCommand.Run([.. Command("sql"), "SELECT CAST(title AS INT) AS n FROM items"]);

        Assert.Equal(3, exit);
        Assert.StartsWith("error sql.value: sql: Could not convert string 'one' to INT32", error, StringComparison.Ordinal);
        Assert.Contains("; try_cast gives null where a value does not fit; items has the columns item_id, title, ", error, StringComparison.Ordinal);
        Assert.Equal("n\r\n\r\n\r\n", OneRecCommand.Succeed([.. Command("sql"), "SELECT try_cast(title AS INT) AS n FROM items", "--output", "csv"]));
    }

    [Theory]
    [InlineData("input.where=star > 3", 2, "error input.where: input.where: ")]
    [InlineData("input.where=CAST(stars AS INT) > 3", 3, "error sql.value: input.where: Could not convert string 'good' to INT32")]
    [InlineData("input.where=stars IN (SELECT content FROM read_text('/etc/passwd'))", 2, "error input.where: input.where: the function read_text cannot be used here")]
    [InlineData("input.where=EXISTS (SELECT * FROM '/etc/passwd')", 2, "error input.where: input.where: it reads '/etc/passwd', but only columns can be read here")]
    public void An_error_of_where_names_the_columns(string setting, int code, string message)
    {
        (int exit, _, string error) = OneRecCommand.Run([.. Command("swing"), "--set", setting]);

        Assert.Equal(code, exit);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.EndsWith("; the columns are user_id, item_id, event_time, stars\n", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("input.itemFields.title=(SELECT content FROM read_text('/etc/passwd'))")]
    [InlineData("input.itemFields.title=getenv('HOME')")]
    [InlineData("input.deleted=EXISTS (SELECT * FROM glob('/etc/*'))")]
    [InlineData("input.tokensVersion=(SELECT max(size) FROM read_blob('/etc/passwd'))")]
    public void An_attack_in_another_option_is_refused(string setting)
    {
        (int exit, _, string error) = OneRecCommand.Run([.. Command("ingest"), "--set", setting]);

        Assert.Equal(2, exit);
        Assert.Contains("error input.itemFields: input.itemFields or input.deleted: ", error, StringComparison.Ordinal);
        Assert.EndsWith("; the columns are item_id, title\n", error, StringComparison.Ordinal);
    }

    private string[] Command(string command) =>
    [
        command,
        "--set", $"tables={_folder["tables"]}",
        "--set", $"input.items={_folder["items.csv"]}",
        "--set", $"input.interactions={_folder["log.csv"]}",
    ];
}
