using System.IO.Compression;
using System.Text;
using Apache.Arrow;
using Apache.Arrow.Types;
using OneRec.Core;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Engine;
using OneRec.Engine.Relations;
using OneRec.Engines.Tests.Desks;
using OneRec.Inputs.Catalogue;
using OneRec.Inputs.Log;
using OneRec.Inputs.Options;
using OneRec.Testing;
using ParquetSharp.Arrow;

namespace OneRec.Engines.Tests.Steps;

/// <summary>The forms of text and of times that people have are read alike on both engines.</summary>
public abstract class TextFormTests(EngineDesk desk, bool isSpark) : IDisposable
{
    private static readonly string[] Clicks = ["1 | 10 | 1577836800000000", "2 | 10 | 1577836801000000", "2 | 20 | 1577836802000000"];

    private readonly ScratchFolder _folder = new();

    [Fact]
    public void Lines_of_json_with_inner_objects_and_lists()
    {
        Write("log.jsonl", "{\"u\":{\"id\":1},\"i\":10,\"t\":1577836800}\n\n{\"t\":1577836801,\"i\":10,\"u\":{\"id\":2}}\r\n");
        Packed("more/log.jsonl.gz", "{\"i\":20,\"u\":{\"id\":2,\"x\":[]},\"t\":1577836802.0}\n");
        InputOptions input = new()
        {
            Interactions = new InputPaths([_folder["log.jsonl"], _folder["more"]]),
            Items = Write("items.json", "{\"item_id\":10,\"about\":{\"title\":\"a \\\"b\\\"\"},\"tags\":[\"x\",\"y\"]}\n{\"item_id\":20,\"about\":null}\n"),
            ItemFields = new ItemFieldOptions { Title = "about.title" },
            Columns = new InputColumns { User = "u.id", Item = "i", Time = "t" },
        };
        Assert.Equal(Clicks, LogOf(input));
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var catalogue = ItemCatalogue.Open(engine, input, null, TimeProvider.System);
        Assert.Equal(
            ["10: a \"b\" (x, y)", "20:  ()"],
            RowReader.Read(engine.Collect(catalogue.Items)).Select(r => $"{r[0]}: {r[1]} ({r[3]})").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_line_that_is_no_json_is_told_with_its_number()
    {
        InputOptions input = new()
        {
            Interactions = Write("log.jsonl", "{\"user_id\":1,\"item_id\":2}\n\n{'user_id':1}\n{\"user_id\":1,\"item_id\":2}\n"),
            Columns = new InputColumns { Time = null },
        };
        Assert.Equal(
            $"{_folder["log.jsonl"]}: row 2 is not JSON: it is an object as Python prints it; write it with json.dumps",
            Assert.Throws<OneRecException>(() => LogOf(input)).Message);
    }

    [Fact]
    public void Two_colons_without_a_header_in_windows_1252()
    {
        InputOptions input = new()
        {
            Interactions = Write("ratings.dat", "1::10::1577836800\n2::10::1577836801\n2::20::1577836802\n"),
            Items = WriteBytes("movies.dat", Encoding.Latin1.GetBytes("10::Amélie \"x::Drama\n20::Ñandú\"::Comedy\n")),
            Csv = new CsvOptions
            {
                Interactions = new CsvInputOptions { Header = CsvHeader.Of(["user_id", "item_id", "event_time"]) },
                Items = new CsvInputOptions { Header = CsvHeader.Of(["item_id", "title", "tags"]), Encoding = "windows-1252" },
            },
        };
        Assert.Equal(Clicks, LogOf(input));
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var catalogue = ItemCatalogue.Open(engine, input, null, TimeProvider.System);
        Assert.Equal(
            ["10: Amélie \"x (Drama)", "20: Ñandú\" (Comedy)"],
            RowReader.Read(engine.Collect(catalogue.Items)).Select(r => $"{r[0]}: {r[1]} ({r[3]})").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Files_with_their_columns_in_another_order()
    {
        Write("log/a.csv", ",user_id,item_id,event_time\n0,1,10,1577836800\n");
        Write("log/b.csv", "item_id,event_time,column1,user_id\n10,1577836801,0,2\n");
        Write("log/c.csv", ",user_id,item_id,event_time\n0,2,20,1577836802\n");
        InputOptions input = new() { Interactions = _folder["log"] };
        Assert.Equal(Clicks, LogOf(input));
        Write("log/b.csv", "item_id,event_time,column1,user_id\n10,1577836801,0,2\n20,1577836801,0,\n");
        Assert.Equal(
            $"{_folder["log/b.csv"]}: row 2: column 'user_id' is empty, but ids are required (1 bad row in total)",
            Assert.Throws<OneRecException>(() => LogOf(input)).Message);
    }

    [Fact]
    public void A_bad_row_of_a_file_without_a_header_is_told_with_its_number()
    {
        InputOptions input = new()
        {
            Interactions = Write("log.tsv", "1\t10\n2\tx\ty\n"),
            Csv = new CsvOptions { Header = CsvHeader.Of(["user_id", "item_id"]) },
            Columns = new InputColumns { Time = null },
        };
        Assert.Equal(
            $"{_folder["log.tsv"]}: row 2 has 3 fields, but the header has 2", Assert.Throws<OneRecException>(() => LogOf(input)).Message);
    }

    [Theory]
    [InlineData("utf-16", "UTF-16")]
    [InlineData("zst", "Zstandard")]
    public void Text_that_must_be_converted_as_a_whole_is_read_where_it_can_be(string form, string name)
    {
        const string Log = "user_id,item_id,event_time\n1,10,1577836800\n2,10,1577836801\n2,20,1577836802\n";
        string file = form == "zst"
            ? WriteBytes("log.csv.zst", new ZstdSharp.Compressor().Wrap(Encoding.UTF8.GetBytes(Log)).ToArray())
            : WriteBytes("log.csv", [.. Encoding.Unicode.GetPreamble(), .. Encoding.Unicode.GetBytes(Log)]);
        var input = new InputOptions { Interactions = file };
        if (isSpark)
        {
            OneRecException refused = Assert.Throws<OneRecException>(() => LogOf(input));
            Assert.Equal(
                $"{file} is {name}, which Spark does not read by lines; convert it to UTF-8, plain or with gzip, or use --engine local", refused.Message);
            Assert.Equal(ErrorKind.Input, refused.Kind);
        }
        else
        {
            Assert.Equal(Clicks, LogOf(input));
        }
    }

    [Theory]
    [InlineData("1577836800.0,1577836801.0,1577836802.0", null)]
    [InlineData("1.5778368e9,1577836801,1577836802.0000001", InputTimeUnit.S)]
    [InlineData("2020-01-01 00:00:00 UTC,2020-01-01T00:00:01Z,2020-01-01 01:00:02+01:00", null)]
    public void Times_of_text_and_of_texts_in_parquet(string times, InputTimeUnit? unit)
    {
        string[] all = times.Split(',');
        string csv = Write("log.csv", $"user_id,item_id,event_time\n1,10,{all[0]}\n2,10,{all[1]}\n2,20,{all[2]}\n");
        Assert.Equal(Clicks, LogOf(new InputOptions { Interactions = csv, TimeUnit = unit }));
        string parquet = Parquet(new StringArray.Builder().AppendRange(all).Build());
        Assert.Equal(Clicks, LogOf(new InputOptions { Interactions = parquet, TimeUnit = unit }));
    }

    [Theory]
    [InlineData("20200101,20200229,20200301", InputTimeUnit.Ymd)]
    [InlineData("1/1/2020,02/29/2020,3.01.2020", InputTimeUnit.Mdy)]
    [InlineData("1/1/2020,29-2-2020,01.3.2020", InputTimeUnit.Dmy)]
    public void Days_of_text_and_of_texts_in_parquet(string times, InputTimeUnit unit)
    {
        string[] all = times.Split(',');
        string[] expected = ["1 | 10 | 1577836800000000", "2 | 10 | 1582934400000000", "2 | 20 | 1583020800000000"];
        string csv = Write("log.csv", $"user_id,item_id,event_time\n1,10,{all[0]}\n2,10,{all[1]}\n2,20,{all[2]}\n");
        Assert.Equal(expected, LogOf(new InputOptions { Interactions = csv, TimeUnit = unit }));
        string parquet = Parquet(new StringArray.Builder().AppendRange(all).Build());
        Assert.Equal(expected, LogOf(new InputOptions { Interactions = parquet, TimeUnit = unit }));
        if (unit == InputTimeUnit.Ymd)
        {
            parquet = Parquet(new Int64Array.Builder().AppendRange([20200101, 20200229, 20200301]).Build());
            Assert.Equal(expected, LogOf(new InputOptions { Interactions = parquet, TimeUnit = unit }));
        }

        // A day that is none is a bad row in either form.
        parquet = Parquet(new StringArray.Builder().AppendRange([all[0], "13/13/2020", "99999999"]).Build());
        OneRecException refused = Assert.Throws<OneRecException>(() => LogOf(new InputOptions { Interactions = parquet, TimeUnit = unit }));
        Assert.Contains("which is not a date such as ", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith("(2 bad rows in total)", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Times_that_are_doubles_in_parquet()
    {
        double[] times = [1577836800, 1577836801.0000001, 1577836802.0000001];
        string parquet = Parquet(new DoubleArray.Builder().AppendRange(times).Build());
        Assert.Equal(Clicks, LogOf(new InputOptions { Interactions = parquet }));
        parquet = Parquet(new DoubleArray.Builder().AppendRange(times.Select(t => t * 1000)).Build());
        Assert.Equal(["1 | 10 | 1577836800000000"], LogOf(new InputOptions { Interactions = parquet }).Take(1));
        foreach (double bad in new[] { double.NaN, double.PositiveInfinity, 1e300, -1e12 })
        {
            parquet = Parquet(new DoubleArray.Builder().AppendRange([.. times[..2], bad]).Build());
            Assert.Contains(
                "column 'event_time' has no time in the years 1 to 9999 (1 bad row in total)",
                Assert.Throws<OneRecException>(() => LogOf(new InputOptions { Interactions = parquet, TimeUnit = InputTimeUnit.S })).Message,
                StringComparison.Ordinal);
        }
    }

    public void Dispose()
    {
        _folder.Dispose();
        GC.SuppressFinalize(this);
    }

    private string[] LogOf(InputOptions input)
    {
        using IEngine engine = desk.OpenShipped(_folder["tables"]);
        using var log = InteractionLog.Open(engine, input, CancellationToken.None);
        return [.. engine.SortedRows(log.TimedClicks.Rows)];
    }

    private string Write(string name, string text) => WriteBytes(name, Encoding.UTF8.GetBytes(text));

    private string WriteBytes(string name, byte[] bytes)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        File.WriteAllBytes(_folder[name], bytes);
        return _folder[name];
    }

    private void Packed(string name, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder[name])!);
        using var file = new GZipStream(File.Create(_folder[name]), CompressionMode.Compress);
        file.Write(Encoding.UTF8.GetBytes(text));
    }

    // Another name each time: Spark keeps what it knows of a file.
    private string Parquet(IArrowArray times)
    {
        string file = _folder[$"{Guid.NewGuid():N}.parquet"];
        var schema = new Schema(
            [new Field("user_id", Int64Type.Default, false), new Field("item_id", Int64Type.Default, false), new Field("event_time", times.Data.DataType, true)],
            null);
        using var batch = new RecordBatch(
            schema,
            [new Int64Array.Builder().AppendRange([1, 2, 2]).Build(), new Int64Array.Builder().AppendRange([10, 10, 20]).Build(), times],
            3);
        using var writer = new FileWriter(file, schema);
        writer.WriteRecordBatch(batch);
        writer.Close();
        return file;
    }
}

public sealed class TextFormsOnLocalTests() : TextFormTests(new LocalDesk(), false);

[Collection(Spark35Desk.Name)]
public sealed class TextFormsOnSpark35Tests(Spark35Desk desk) : TextFormTests(desk, true);

[Collection(Spark40Desk.Name)]
[Trait(TestKind.Trait, TestKind.All)]
public sealed class TextFormsOnSpark40Tests(Spark40Desk desk) : TextFormTests(desk, true);
