using System.Text.Json;
using Apache.Arrow.Types;
using OneRec.Engine.Scripts;
using OneRec.Engine.Tables;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Steps.Train;
using OneRec.Pipeline.Tables;
using OneRec.Pipeline.Tests.Steps;
using OneRec.Pipeline.Tests.Steps.Quantization;

namespace OneRec.Pipeline.Tests.Queries.Describe;

/// <summary>Items without an ID, and lineages of which parts are lost: what is not known is said.</summary>
public sealed class LostLineageTests : IDisposable
{
    private readonly DescribeDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void A_deleted_item_is_told_between_ingest_and_assign_and_after()
    {
        _desk.Run("night-1");
        Lineage before = _desk.Describe("9");
        _desk.Items.RemoveAt(8);
        _desk.Run("night-2", "ingest");
        Lineage found = _desk.Describe("9");
        Assert.Equal("the item was deleted in items at 2024-05-06 03:00:00 UTC, its ID was not; run 'onerec assign'", found.Text("id", "notice"));
        Assert.Equal(before.Json("id", "run"), found.Json("id", "run"));
        Assert.Equal(("night-1", "night-2"), ((string)found.Part("catalogue", "updated_by", "run_id")!, (string)found.Part("catalogue", "deleted_by", "run_id")!));

        _desk.Run("night-3", "assign");
        found = _desk.Describe("9");
        Assert.EndsWith(", deleted  title 9", found.Headline, StringComparison.Ordinal);
        Assert.Equal(("\"2024-05-06T04:00:00.000000Z\"", before.Json("id", "sid")), (found.Json("id", "deleted_at"), found.Json("id", "sid")));
        Assert.Equal("the item was deleted in items at 2024-05-06 03:00:00 UTC", found.Text("id", "why_none"));
        Assert.Equal("nothing, unless the catalogue has it again: then run 'onerec run'", found.Text("id", "do"));
        Assert.False(found.Has("id", "notice"));
    }

    [Fact]
    public void Each_stage_that_an_item_did_not_pass_names_its_command()
    {
        _desk.Run("night-1");
        _desk.Items.Add(new DeskItem("100", "late", [1, 1, 1]));
        _desk.Run("night-2", "ingest");
        Lineage found = _desk.Describe("100");
        string model = (string)found.Fact("model", "model_id").Value!;
        Assert.Equal(
            ("no ID  late", $"its content {(string)found.Fact("catalogue", "content_hash").Value!} has no embedding of model {model}", "run 'onerec embed', then 'onerec assign'"),
            (found.Headline, found.Text("id", "why_none"), found.Text("id", "do")));
        Assert.Equal("item_embeddings has none of the item of this model", found.Text("embedding", "embeddings"));
        _desk.Run("night-3", "embed");
        found = _desk.Describe("100");
        Assert.Equal(
            ($"its content is embedded, but it has no ID under codebook {(string)found.Fact("codebook", "codebook_id").Value!} yet", "run 'onerec assign'"),
            (found.Text("id", "why_none"), found.Text("id", "do")));
        Assert.True(found.Has("embedding", "current_embedding_hash"));
        _desk.Run("night-4", "assign");
        Assert.Equal("night-4", (string)_desk.Describe("100").Part("id", "run", "run_id")!);
    }

    [Fact]
    public void An_item_in_quarantine_is_told_with_the_newest_reason_and_no_other_items()
    {
        _desk.Items.Add(new DeskItem("100", "no vector", null));
        _desk.Items.Add(new DeskItem("10", "zeros", [float.NaN, 1, 1]));
        _desk.Items.RemoveAt(9);
        _desk.Run("night-1");
        Lineage none = _desk.Describe("100");
        Lineage notANumber = _desk.Describe("10");
        string[] reasons = [.. _desk.Query("quarantine", "SELECT reason FROM quarantine WHERE step = 'embed' ORDER BY payload").Select(r => (string)r[0]!)];
        Assert.Equal(2, reasons.Length);
        Assert.EndsWith($": run night-1 of embed put it into quarantine: {reasons[0]}", notANumber.Text("id", "why_none"), StringComparison.Ordinal);
        Assert.EndsWith($": run night-1 of embed put it into quarantine: {reasons[1]}", none.Text("id", "why_none"), StringComparison.Ordinal);
        Assert.NotEqual(reasons[0], reasons[1]);
        Assert.Equal("mend the item, then run 'onerec run'", none.Text("id", "do"));
    }

    [Fact]
    public void A_row_that_ingest_rejected_may_have_been_the_item()
    {
        _desk.BadLine = ",nameless\n";
        _desk.Run("night-1");
        Lineage found = _desk.Describe("555");
        Assert.Equal("it is not in items; run night-1 of ingest put 1 row into quarantine, which may have had it", found.Text("id", "why_none"));
        Assert.Equal("check the id; if the catalogue has it, run 'onerec run'", found.Text("id", "do"));
        Assert.Equal("false", found.Json("catalogue", "in_items"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Runs_whose_rows_are_gone_are_told_so(bool whole)
    {
        _desk.Run("night-1");
        string folder = Path.Combine(_desk.Options.Tables, "runs");
        string gone = "there is no table runs: restore it";
        if (whole)
        {
            Directory.Delete(folder, recursive: true);
        }
        else
        {
            OtherWriter.Rewrite(folder, rows => rows.Where(r => (string)r[1]! == "swing"));
            gone = "table runs has no row of it: it was removed, or the run was killed before it wrote the row";
        }

        Lineage found = _desk.Describe("7");
        Assert.Equal($"night-1, assign\n{gone}", found.Text("id", "run"));
        Assert.Equal($$"""{"run_id":"night-1","step":"assign","in_runs":false,"why":"{{gone}}"}""", found.Json("id", "run"));
        Assert.Equal(
            whole ? $"not known: {gone}" : "not known: no run of train in table runs made this codebook", found.Text("codebook", "trained_by"));
        Assert.Equal(
            whole ? $"not known: {gone}"
                : "not known: no run of ingest in table runs was at work at 2024-05-06 02:00:00 UTC: its row was removed, or it was killed before it wrote the row",
            found.Text("catalogue", "updated_by"));
        Assert.Equal("as generation 1, the current one, at 2024-05-06 02:00:00 UTC by night-1, of which table runs has no row", found.Text("codebook", "published"));
        Assert.StartsWith("table runs has no run of embed with this model before the ID was assigned", found.Text("embedding", "embed_runs"), StringComparison.Ordinal);
        Assert.Equal(!whole, (bool)found.Part("log", "swing", "in_runs")!);
        Assert.Equal("\"current\"", found.Json("embedding", "content_is"));
    }

    [Fact]
    public void Rows_of_runs_that_another_program_garbled_do_not_end_the_query()
    {
        _desk.Run("night-1");
        OtherWriter.Rewrite(Path.Combine(_desk.Options.Tables, "runs"), rows => rows.Select(r => r.Select((v, i) => i switch
        {
            2 => "[1]",
            3 => "not json",
            4 => "{\"semantic_ids\":{\"x\":1}}",
            9 => double.NaN,
            11 => "{\"a\":1}",
            _ => v,
        }).ToArray()));
        Lineage found = _desk.Describe("7");
        Assert.Contains("\nread nothing; wrote semantic_ids version ?\n", found.Text("id", "run"), StringComparison.Ordinal);
        Assert.Equal("\"not json\"", found.Part("id", "run", "parameters")!.ToJsonString());
        Assert.StartsWith("not known: ", found.Text("codebook", "trained_by"), StringComparison.Ordinal);
        Assert.Contains("\"seconds\":null,", found.Json("id", "run"), StringComparison.Ordinal);
    }

    [Fact]
    public void An_embedding_that_is_gone_or_another_is_told()
    {
        _desk.Run("night-1");
        Change("SELECT item_id, CASE WHEN item_id = 7 THEN other.embedding ELSE t.embedding END AS embedding, content_hash, model_id FROM t "
            + "CROSS JOIN (SELECT embedding FROM t WHERE item_id = 8) AS other WHERE item_id <> 6");
        Assert.Equal(
            ("false", "no: item_embeddings has 1 of the item of this model, but none with this hash; restore the table"),
            (_desk.Describe("7").Json("embedding", "exists"), _desk.Describe("7").Text("embedding", "exists")));
        Assert.Equal("no: item_embeddings has none of the item of this model; restore the table", _desk.Describe("6").Text("embedding", "exists"));
        Assert.False(_desk.Describe("6").Has("embedding", "content_hash"));
        Directory.Delete(Path.Combine(_desk.Options.Tables, "item_embeddings"), recursive: true);
        Directory.Delete(Path.Combine(_desk.Options.Tables, "items"), recursive: true);
        Lineage found = _desk.Describe("7");
        Assert.Equal("no: there is no table item_embeddings; restore it", found.Text("embedding", "exists"));
        Assert.Equal("there is no table items", found.Text("catalogue", "in_items"));
        Assert.Equal("night-1", (string)found.Part("id", "run", "run_id")!);
        Assert.Equal("there is no table items", _desk.Describe("555").Text("id", "why_none"));
    }

    [Fact]
    public void An_aligned_model_is_told_by_its_record_and_without_it_by_the_run()
    {
        _desk.Run("night-1");
        string model = (string)_desk.Describe("7").Fact("model", "model_id").Value!;
        string folder = Path.Combine(_desk.Options.Models, model);
        Directory.CreateDirectory(folder);
        string record = Path.Combine(folder, "training.json");
        File.WriteAllText(
            record,
            """
            { "made_at": "2024-05-06T01:30:00.000000Z", "run_id": "night-0", "fingerprint": "f", "parameters": { "epochs": 3, "form": "qformer", "blocks": "b" },
              "inputs": { "item_pairs": "0" }, "pairs": 41681, "items": 24, "steps": 246, "best_step": 164, "validation_hits": 0.5, "validation_hits_pooled": 0.25 }
            """);
        Lineage found = _desk.Describe("7");
        Assert.Equal(("aligned: trained by align (qformer)", "2024-05-06 01:30:00 UTC"), (found.Text("model", "kind"), found.Text("model", "trained_at")));
        Assert.Equal("epochs 3, pairs 41,681, items 24, steps 246, best step 164\n50 % of the validation users' partners found, 25 % by pooled vectors", found.Text("model", "training"));
        Assert.Equal("41681", found.Part("model", "training", "pairs")!.ToJsonString());
        Assert.Equal("night-1", (string)found.Part("model", "pairs_by", "run_id")!);
        Assert.StartsWith("night-0, align\ntable runs has no row of it", found.Text("model", "trained_by"), StringComparison.Ordinal);
        Assert.Equal("b; embed.inputs of this configuration are others", found.Text("model", "blocks"));

        foreach (string broken in (string[])["{", "[]", "{\"made_at\": 5}", "{ \"made_at\": \"2024-05-06T01:30:00Z\", \"run_id\": \"r\", \"fingerprint\": \"f\", \"parameters\": 3, \"pairs\": {} }"])
        {
            File.WriteAllText(record, broken);
            Assert.Equal("\"aligned\"", _desk.Describe("7").Json("model", "kind"));
        }

        Assert.Equal("epochs unknown, pairs unknown, items unknown, steps unknown, best step unknown", _desk.Describe("7").Text("model", "training"));
        File.Delete(record);
        Assert.Equal($"{folder} is there, but its training.json is missing or cannot be read: restore it", _desk.Describe("7").Text("model", "folder"));
        Directory.Delete(folder);
        Assert.Equal("\"pooled\"", _desk.Describe("7").Json("model", "kind"));

        OtherWriter.Rewrite(Path.Combine(_desk.Options.Tables, "runs"), rows => rows.Append(
        [
            "night-0", "align", "{}", "{}", "{}", 1L, "v", "f", 1L, 1.0, DateTimeOffset.UnixEpoch, JsonSerializer.Serialize(new[] { new { name = "model", value = model } }),
        ]));
        found = _desk.Describe("7");
        Assert.Equal($"{folder} is gone: restore it, or set models to where it is", found.Text("model", "folder"));
        Assert.Equal("night-0", (string)found.Part("model", "trained_by", "run_id")!);
        Assert.Equal("false", found.Part("model", "folder", "exists")!.ToJsonString());
    }

    [Fact]
    public void A_model_id_does_not_lead_out_of_the_folder_of_models()
    {
        using var desk = new QuantizationDesk(new TrainOptions { Levels = 1, Codes = [2], Epochs = 1 });
        desk.Embed(TestItem.Many(20, 3, 2, 1), model: "../evil");
        desk.Run("train", "assign");
        string models = _desk["models"];
        Directory.CreateDirectory(models);
        Directory.CreateDirectory(_desk["evil"]);
        File.WriteAllText(_desk["evil/training.json"], """{ "made_at": "2024-05-06T01:30:00Z", "run_id": "r", "fingerprint": "f" }""");
        OneRecOptions options = desk.Options with { Models = models };
        Lineage found = Assert.Single(desk.With(engine => DescribeQuery.Run(engine, options, ["3"], CancellationToken.None)));
        Assert.Equal(
            $"not known: there is no folder ../evil in {models}, no run of align in table runs made it, and embed.inputs of this configuration cannot be read (they are empty)",
            found.Text("model", "kind"));
        Assert.Equal("not known whether it is current: the item is not in items", Without(desk, options).Text("embedding", "content_is"));
    }

    private static Lineage Without(QuantizationDesk desk, OneRecOptions options)
    {
        Directory.Delete(Path.Combine(options.Tables, "items"), recursive: true);
        return Assert.Single(desk.With(engine => DescribeQuery.Run(engine, options, ["3"], CancellationToken.None)));
    }

    private void Change(string sql) => _desk.With(engine =>
    {
        var table = OneRecTables.ItemEmbeddings(Int64Type.Default);
        return QuantizationDesk.Committed(engine.Write(
            engine.Sql(new SqlScript(sql), ("t", engine.ReadTable(table.Name))),
            new TableWrite(table, new WriteMode.Overwrite(), new CommitNote("other", "r", "f"))));
    });
}
