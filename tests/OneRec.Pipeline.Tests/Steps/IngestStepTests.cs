using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Inputs.Options;
using OneRec.Inputs.Sources;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Running;

namespace OneRec.Pipeline.Tests.Steps;

public sealed class IngestStepTests : IDisposable
{
    private readonly StepBench _bench = new();

    [Fact]
    public void Columns_of_the_field_names_become_fields_and_absent_ones_null()
    {
        _bench.Write("items.csv", "item_id,title,ocr,year\n7,\"Toy, \"\"Story\"\"\",,1995\n-3,Élan,text,\n");
        StepSummary ingest = Ingest(Input());
        Assert.Equal(2, ingest.Rows);
        Assert.Equal(["new 2", "changed 0", "revived 0", "deleted 0", "same 0"], ingest.Facts.Select(f => $"{f.Name} {f.Value}"));
        List<object?[]> rows = [.. _bench.Table("items").OrderBy(r => (long)r[0]!)];
        Assert.Equal([-3L, "Élan", null, null, null, "text"], rows[0][..6]);
        Assert.Equal([7L, "Toy, \"Story\"", null, null, null, null], rows[1][..6]);
        Assert.Equal(_bench.Clock.Now, rows[0][7]);
        Assert.Null(rows[0][8]);
        Assert.Matches("^[0-9a-f]{64}$", (string)rows[0][6]!);
    }

    [Fact]
    public void Expressions_make_fields_of_the_texts_in_the_file()
    {
        _bench.Write("movies.csv", "movieId,name,price,genres\n007,Heat,7.50,a|b\n010,Cold,8,\n");
        Ingest(Input("movies.csv") with
        {
            ItemFields = new ItemFieldOptions
            {
                ItemId = "movieId",
                Title = "name",
                Caption = "concat(name, ' at ', price)",
                Tags = "replace(genres, '|', ', ')",
            },
        });
        List<object?[]> rows = [.. _bench.Table("items").OrderBy(r => (string)r[0]!, StringComparer.Ordinal)];
        Assert.Equal(["007", "Heat", "Heat at 7.50", "a, b"], rows[0][..4]);
        Assert.Equal(["010", "Cold", "Cold at 8", null], rows[1][..4]);
        Assert.IsType<StringType>(_bench.SchemaOf("items")!.GetFieldByName("item_id").DataType);
    }

    [Fact]
    public void Tags_are_distinct_and_in_order_of_count_then_text()
    {
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n");
        _bench.Write("tags.csv", "movie,word\n1,b\n1,c\n1,a\n1,c\n1,\n9,z\n");
        Ingest(Input() with
        {
            Tags = _bench["tags.csv"],
            Columns = new InputColumns { TagItem = "movie", Tag = "word" },
        });
        Assert.Equal(["1|c, a, b", "2|"], _bench.Table("items").Select(r => $"{r[0]}|{r[3]}").Order());
    }

    [Fact]
    public void Only_what_changed_is_renewed_and_what_is_absent_stays()
    {
        DateTimeOffset first = _bench.Clock.Now;
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n3,three\n");
        Ingest(Input());
        _bench.Clock.Now = first.AddHours(1);
        _bench.Write("items.csv", "item_id,title\n1,one\n2,TWO\n4,four\n");
        StepSummary again = Ingest(Input());
        Assert.Equal(["new 1", "changed 1", "revived 0", "deleted 0", "same 2"], again.Facts.Select(f => $"{f.Name} {f.Value}"));
        Assert.Equal(
            [(1L, "one", first), (2L, "TWO", first.AddHours(1)), (3L, "three", first), (4L, "four", first.AddHours(1))],
            _bench.Table("items").Select(r => ((long)r[0]!, (string)r[1]!, (DateTimeOffset)r[7]!)).Order());
    }

    [Fact]
    public void Items_go_and_come_back()
    {
        DateTimeOffset first = _bench.Clock.Now;
        InputOptions input = Input() with { Deleted = "stock = 0" };
        _bench.Write("items.csv", "item_id,title,stock\n1,one,5\n2,two,0\n");
        Ingest(input);
        Assert.Equal([(1L, null), (2L, (object?)first)], Deleted());
        _bench.Clock.Now = first.AddHours(1);
        _bench.Write("items.csv", "item_id,title,stock\n1,one,0\n2,two,7\n");
        StepSummary again = Ingest(input);
        Assert.Equal(["new 0", "changed 0", "revived 1", "deleted 1", "same 0"], again.Facts.Select(f => $"{f.Name} {f.Value}"));
        Assert.Equal([(1L, (object?)first.AddHours(1)), (2L, null)], Deleted());
        Assert.Equal(
            [(1L, first), (2L, first.AddHours(1))],
            _bench.Table("items").Select(r => ((long)r[0]!, (DateTimeOffset)r[7]!)).Order());

        List<(long, object?)> Deleted() => [.. _bench.Table("items").Select(r => ((long)r[0]!, r[8])).OrderBy(r => r.Item1)];
    }

    [Fact]
    public void A_catalogue_that_changes_nothing_commits_nothing()
    {
        _bench.Write("items.csv", "item_id,title\n1,one\n2,two\n");
        long version = Ingest(Input()).Tables[0].Version;
        _bench.Write("items.csv", "item_id,title\n2,two\n1,one\n");
        _bench.Clock.Now = _bench.Clock.Now.AddMinutes(1);
        StepSummary again = Ingest(Input());
        Assert.False(again.UpToDate);
        Assert.Equal(0, again.Rows);
        Assert.Equal(version, again.Tables[0].Version);
        Assert.True(Ingest(Input()).UpToDate);
    }

    [Fact]
    public void Version_of_given_vectors_is_content()
    {
        _bench.Write("items.csv", "item_id,title,clip\n1,one,v1\n2,two,v1\n");
        InputOptions input = Input() with { TokensVersion = "clip" };
        Ingest(input);
        _bench.Write("items.csv", "item_id,title,clip\n1,one,v1\n2,two,v2\n");
        Assert.Contains("changed 1", Ingest(input).Facts.Select(f => $"{f.Name} {f.Value}"));
    }

    [Fact]
    public void Line_breaks_in_fields_are_kept()
    {
        _bench.Write("items.csv", "item_id,title\n1,\"one\ntwo\"\n");
        Ingest(Input());
        Assert.Equal("one\ntwo", _bench.Table("items")[0][1]);
    }

    [Theory]
    [InlineData("item_id,title\n1,a\n2,b\n1,c\n1,d\n", "{0}: item 1 occurs 3 times (2 extra rows in total); each item must occur once: remove the others, or set ingest.version to a column that marks the latest")]
    [InlineData("item_id,title\n1,a\n,b\n", "{0}: row 2: column 'item_id' is empty, but ids are required (1 bad row in total)")]
    [InlineData("item_id,title\n", "{0} has no items")]
    [InlineData("item_id,title\n1,a\n2\n", "{0}: row 2 has 1 field, but the header has 2")]
    [InlineData("itemid,title\n1,a\n", "{0} has no column 'item_id'; did you mean 'itemid'? (set input.itemFields.item_id)")]
    public void Bad_catalogues_are_refused_by_row(string text, string message)
    {
        string file = _bench.Write("items.csv", text);
        OneRecException refused = _bench.Refused(new OneRecOptions { Input = Input() }, "ingest");
        Assert.Equal(string.Format(message, file), refused.Message);
        Assert.Equal(ErrorKind.Input, refused.Kind);
        Assert.Empty(_bench.Table("items"));
    }

    [Fact]
    public void Value_past_the_sample_that_is_no_id_is_named()
    {
        string rows = string.Concat(Enumerable.Range(0, CsvSource.SampleRows).Select(n => $"{n},t\n"));
        string file = _bench.Write("items.csv", "item_id,title\n" + rows + "007,t\n");
        Assert.Equal(
            $"{file}: row 10001: column 'item_id' has '007', which is not a BIGINT; fix the row or set input.types.item_id (1 bad row in total)",
            _bench.Refused(new OneRecOptions { Input = Input() }, "ingest").Message);
    }

    [Fact]
    public void Field_that_is_no_column_names_the_nearest()
    {
        string file = _bench.Write("items.csv", "item_id,name\n1,a\n");
        InputOptions input = Input() with { ItemFields = new ItemFieldOptions { Title = "nam" } };
        Assert.Equal(
            $"{file} has no column 'nam'; did you mean 'name'? (set input.itemFields.title)",
            _bench.Refused(new OneRecOptions { Input = input }, "ingest").Message);
    }

    [Fact]
    public void Ids_of_another_type_than_the_table_are_refused()
    {
        string file = _bench.Write("items.csv", "item_id,title\n1,a\n");
        Ingest(Input());
        _bench.Write("items.csv", "item_id,title\nx1,a\n");
        OneRecException refused = _bench.Refused(new OneRecOptions { Input = Input() }, "ingest");
        Assert.Equal(
            $"item ids are STRING in {file}, but BIGINT in table items; declare one type for both in input.types", refused.Message);
    }

    public void Dispose() => _bench.Dispose();

    private InputOptions Input(string file = "items.csv") => new() { Items = _bench[file] };

    private StepSummary Ingest(InputOptions input) => _bench.Run(new OneRecOptions { Input = input }, "ingest")[0];
}
