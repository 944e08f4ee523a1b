using System.Globalization;
using OneRec.Core;
using OneRec.Pipeline.Configuration;
using OneRec.Pipeline.Queries.Describe;
using OneRec.Pipeline.Steps.Assign;
using OneRec.Pipeline.Steps.Publish;

namespace OneRec.Pipeline.Tests.Queries.Describe;

/// <summary>The lineage of an ID that is there, night after night.</summary>
public sealed class DescribeTests : IDisposable
{
    private readonly DescribeDesk _desk = new();

    public void Dispose() => _desk.Dispose();

    [Fact]
    public void After_the_first_night_every_stage_is_told_as_the_tables_have_it()
    {
        _desk.Run("night-1");
        Lineage found = _desk.Describe("7");
        object?[] id = Assert.Single(_desk.Query(
            "semantic_ids", "SELECT sid, slot, nearest_code, embedding_hash, codebook_id FROM semantic_ids WHERE item_id = 7"));
        string codebook = (string)id[4]!;
        Assert.Equal($"{id[0]} slot {id[1]}  title 7", found.Headline);
        Assert.Equal("7", found.Item.ToJsonString());
        Assert.Equal($"\"{id[0]}\"", found.Json("id", "sid"));
        Assert.Equal($"[{((string)id[0]!).Replace('-', ',')}]", found.Json("id", "codes"));
        Assert.Equal("\"2024-05-06T02:00:00.000000Z\"", found.Json("id", "assigned_at"));
        Assert.Equal(("null", "not deleted"), (found.Json("id", "deleted_at"), found.Text("id", "deleted_at")));

        object?[] run = Assert.Single(_desk.Query("runs", "SELECT fingerprint, seed, code_version FROM runs WHERE step = 'assign'"));
        Assert.Equal(
            ("night-1", "assign", true, (string)run[0]!, (long)run[1]!, (string)run[2]!),
            ((string)Run("id", "run", "run_id")!, (string)Run("id", "run", "step")!, (bool)Run("id", "run", "in_runs")!, (string)Run("id", "run", "fingerprint")!,
                (long)Run("id", "run", "seed")!, (string)Run("id", "run", "code_version")!));
        Assert.Equal($$"""{"codebook":"{{codebook}}","item_embeddings":"0","items":"0"}""", Run("id", "run", "inputs")!.ToJsonString());
        Assert.StartsWith("night-1, assign: finished 2024-05-06 02:00:00 UTC in ", found.Text("id", "run"), StringComparison.Ordinal);
        Assert.Contains($"\nread codebook {codebook}, item_embeddings version 0, items version 0; wrote semantic_ids version 0\n", found.Text("id", "run"), StringComparison.Ordinal);

        string content = (string)_desk.Query("items", "SELECT content_hash FROM items WHERE item_id = 7")[0][0]!;
        Assert.Equal($"\"{id[3]}\"", found.Json("embedding", "embedding_hash"));
        Assert.Equal(("true", $"\"{content}\"", "\"current\"", "1"), (
            found.Json("embedding", "exists"), found.Json("embedding", "content_hash"), found.Json("embedding", "content_is"), found.Json("embedding", "embeddings")));
        Assert.Equal("[{\"run_id\":\"night-1\",\"finished_at\":\"2024-05-06T02:00:00.000000Z\"}]", found.Json("embedding", "embed_runs"));
        Assert.Equal(("\"pooled\"", "token vectors"), (found.Json("model", "kind"), found.Text("model", "blocks")));

        Assert.Equal(($"\"{codebook}\"", "[3,3]", "24"), (
            found.Json("codebook", "codebook_id"), found.Json("codebook", "codes"), found.Json("codebook", "trained_on_items")));
        Assert.Equal("""{"item_embeddings":"0","items":"0"}""", Run("codebook", "trained_by", "inputs")!.ToJsonString());
        Assert.Equal("as generation 1, the current one, at 2024-05-06 02:00:00 UTC by night-1", found.Text("codebook", "published"));
        Assert.False(found.Has("codebook", "current_codebook"));

        Assert.Equal("\"title 7\"", found.Json("catalogue", "title"));
        Assert.Equal("none", found.Text("catalogue", "caption"));
        string inputs = (string)_desk.Query("runs", "SELECT inputs FROM runs WHERE step = 'ingest'")[0][0]!;
        Assert.Equal(inputs, Run("catalogue", "updated_by", "inputs")!.ToJsonString());

        long similar = (long)_desk.Query("item_similarity", "SELECT count(*) AS n FROM item_similarity WHERE item_id = 7")[0][0]!;
        Assert.True(similar > 0);
        Assert.Equal(similar.ToString(CultureInfo.InvariantCulture), found.Json("log", "similar_items"));
        string pairs = string.Join(',', _desk
            .Query("item_pairs", "SELECT source, count(*) AS n FROM item_pairs WHERE item_id = 7 OR pair_item_id = 7 GROUP BY source ORDER BY source")
            .Select(r => $"\"{r[0]}\":{r[1]}"));
        Assert.Equal($"{{{pairs}}}", found.Json("log", "pairs"));
        Assert.Equal(("swing", "pairs", "evaluate"), (
            (string)Run("log", "swing", "step")!, (string)Run("log", "pairs_by", "step")!, (string)Run("log", "evaluated_by", "step")!));
        Assert.False(found.Has("log", "evaluated_swing"));

        System.Text.Json.Nodes.JsonNode? Run(string section, string name, string part) => found.Part(section, name, part);
    }

    [Fact]
    public void An_item_that_came_later_names_the_later_run_and_the_codebook_the_earlier()
    {
        _desk.Run("night-1");
        _desk.Items.Add(new DeskItem("100", "late", [1, 1, 1]));
        _desk.Run("night-2");
        IReadOnlyList<Lineage> found = _desk.Describe("100", "1", "100");
        Assert.Equal(["100", "1", "100"], found.Select(l => l.Item.ToJsonString()));
        Assert.Equal(found[0].Json("id", "run"), found[2].Json("id", "run"));
        Assert.Equal(
            ("night-2", "night-2", "night-1"),
            ((string)found[0].Part("id", "run", "run_id")!, (string)found[0].Part("catalogue", "updated_by", "run_id")!, (string)found[0].Part("codebook", "trained_by", "run_id")!));
        Assert.Equal(
            ("night-1", "night-1"),
            ((string)found[1].Part("id", "run", "run_id")!, (string)found[1].Part("catalogue", "updated_by", "run_id")!));
        Assert.StartsWith("table runs has 2 runs of embed with this model before the ID was assigned: first night-1, ", found[0].Text("embedding", "embed_runs"), StringComparison.Ordinal);
        Assert.StartsWith("table runs has one run of embed with this model before the ID was assigned: night-1, ", found[1].Text("embedding", "embed_runs"), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_ID_of_changed_content_is_told_as_of_the_earlier_content()
    {
        _desk.Run("night-1");
        Lineage before = _desk.Describe("5");
        _desk.Items[4] = _desk.Items[4] with { Title = "other", Vector = [9, 9, 9] };
        _desk.Run("night-2");
        Lineage found = _desk.Describe("5");
        Assert.Equal(before.Json("id", "run"), found.Json("id", "run"));
        Assert.Equal(before.Json("embedding", "content_hash"), found.Json("embedding", "content_hash"));
        Assert.Equal(("true", "\"earlier\"", "2"), (found.Json("embedding", "exists"), found.Json("embedding", "content_is"), found.Json("embedding", "embeddings")));
        Assert.Equal(
            $"an earlier content: the item's content is {(string)found.Fact("catalogue", "content_hash").Value!} since 2024-05-06 03:00:00 UTC, and its ID was kept",
            found.Text("embedding", "content_is"));
        Assert.NotEqual(found.Json("embedding", "embedding_hash"), found.Json("embedding", "current_embedding_hash"));
        Assert.Equal("night-2", (string)found.Part("catalogue", "updated_by", "run_id")!);

        // Reassigned, the item has a new row, and the old one is told.
        _desk.Options = _desk.Options with { Sections = [new AssignOptions { Changed = WhenChanged.Reassign }] };
        _desk.Run("night-3", "assign");
        found = _desk.Describe("5");
        Assert.Equal(("night-3", "\"current\""), ((string)found.Part("id", "run", "run_id")!, found.Json("embedding", "content_is")));
        Assert.EndsWith(", assigned 2024-05-06 02:00:00 UTC by night-1, deleted 2024-05-06 04:00:00 UTC", found.Text("id", "other_rows"), StringComparison.Ordinal);
        Assert.False(found.Has("embedding", "current_embedding_hash"));
    }

    [Fact]
    public void Contents_with_the_same_embedding_count_as_current()
    {
        _desk.Run("night-1");
        _desk.Items[4] = _desk.Items[4] with { Title = "only the title" };
        _desk.Run("night-2");
        Lineage found = _desk.Describe("5");
        Assert.Equal("\"current\"", found.Json("embedding", "content_is"));
        Assert.Equal("2 contents of the item have this embedding", found.Text("embedding", "contents"));
        Assert.Equal(found.Json("catalogue", "content_hash"), found.Json("embedding", "content_hash"));
    }

    [Fact]
    public void Generations_and_a_rollback_are_told_under_either_codebook()
    {
        _desk.Run("night-1");
        string first = (string)_desk.Describe("3").Fact("codebook", "codebook_id").Value!;
        _desk.Options = _desk.Options with
        {
            Seed = 77,
            Run = new RunSection { Retrain = true },
            Sections = [new PublishOptions { Auto = true }],
        };
        _desk.Run("night-2");
        _desk.Options = _desk.Options with { Run = new RunSection() };
        Lineage found = _desk.Describe("3");
        Assert.Equal("night-2", (string)found.Part("codebook", "trained_by", "run_id")!);
        Assert.Equal("as generation 2, the current one, at 2024-05-06 03:00:00 UTC by night-2", found.Text("codebook", "published"));
        Assert.Contains($" of codebook {first}, assigned 2024-05-06 02:00:00 UTC by night-1", found.Text("id", "other_codebooks"), StringComparison.Ordinal);

        string second = (string)found.Fact("codebook", "codebook_id").Value!;
        _desk.Options = _desk.Options with { Codebook = first };
        found = _desk.Describe("3");
        Assert.Equal("as generation 1 at 2024-05-06 02:00:00 UTC by night-1", found.Text("codebook", "published"));
        Assert.Equal($"not this one: readers use {second}, generation 2", found.Text("codebook", "current_codebook"));
        Assert.Equal("night-1", (string)found.Part("id", "run", "run_id")!);

        _desk.Options = _desk.Options with { Codebook = "current", Sections = [new PublishOptions { Rollback = true }] };
        _desk.Run("back", "publish");
        found = _desk.Describe("3");
        Assert.Equal($"\"{first}\"", found.Json("codebook", "codebook_id"));
        Assert.Equal(
            "as generation 1 at 2024-05-06 02:00:00 UTC by night-1\nas generation 3, the current one, at 2024-05-06 04:00:00 UTC by back",
            found.Text("codebook", "published"));
        Assert.False(found.Has("codebook", "current_codebook"));
    }

    [Fact]
    public void A_codebook_that_is_not_published_is_told_so()
    {
        _desk.Run("night-1", "ingest", "embed", "train", "assign");
        Lineage found = _desk.Describe("3");
        Assert.Equal(("[]", "never"), (found.Json("codebook", "published"), found.Text("codebook", "published")));
        Assert.Equal("no run of evaluate in table runs was on codebook " + (string)found.Fact("codebook", "codebook_id").Value!, (string)found.Part("log", "evaluated_by", "why")!);
        Assert.Equal("there is no table item_similarity: no run of swing", found.Text("log", "similar_items"));
        Assert.Equal("null", found.Json("log", "similar_items"));
        Assert.False(found.Has("log", "swing"));
    }

    [Theory]
    [InlineData("1;drop", "'1;drop' is not a valid item id: item ids in the tables are whole numbers")]
    [InlineData("", "'' is not a valid item id: item ids in the tables are whole numbers")]
    [InlineData("9223372036854775808", "'9223372036854775808' is not a valid item id: item ids in the tables are whole numbers")]
    [InlineData("1\0", "'1\0' is not a valid item id: item ids in the tables are whole numbers")]
    public void What_is_no_number_is_refused_where_ids_are_numbers(string item, string why)
    {
        _desk.Run("night-1", "ingest", "embed", "train", "assign");
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Describe("1", item));
        Assert.Equal((ErrorKind.Configuration, "describe.item", why), (refused.Kind, refused.Code, refused.Message));
    }

    [Fact]
    public void Ids_that_are_texts_are_data_whatever_they_hold()
    {
        string[] hostile = ["'; DROP TABLE items; --", "{{asked}}", "a\"b", "😀é", "\\", new string('x', 5_000), " 1 "];
        for (int i = 0; i < _desk.Items.Count; i++)
        {
            _desk.Items[i] = _desk.Items[i] with { Id = i < hostile.Length ? hostile[i] : $"id {i}" };
        }

        _desk.Run("night-1", "ingest", "embed", "train", "assign");
        IReadOnlyList<Lineage> found = _desk.Describe([.. hostile, "", "1", "nul\0", "' OR 1 = 1"]);
        Assert.All(hostile.Index(), h =>
        {
            Assert.Equal(h.Item, (string)found[h.Index].Item!);
            Assert.Equal($"title {h.Index + 1}", (string)found[h.Index].Fact("catalogue", "title").Value!);
            Assert.Equal("night-1", (string)found[h.Index].Part("id", "run", "run_id")!);
        });
        Assert.All(found.Skip(hostile.Length), l => Assert.Equal(("no ID", "it is not in items"), (l.Headline, l.Text("id", "why_none"))));
    }

    [Fact]
    public void Without_IDs_there_is_one_line_that_says_what_to_run()
    {
        Assert.Equal("codebook.none", Assert.Throws<OneRecException>(() => _desk.Describe("1")).Code);
        _desk.Run("night-1", "ingest", "embed", "train");
        OneRecException refused = Assert.Throws<OneRecException>(() => _desk.Describe("1"));
        Assert.Equal((ErrorKind.Table, "semantic_ids: there are no IDs yet; run 'onerec run' first"), (refused.Kind, refused.Message));
        _desk.Options = _desk.Options with { Codebook = "nope' OR 1=1 --" };
        Assert.Equal((ErrorKind.Configuration, "codebook.unknown"), (
            Assert.Throws<OneRecException>(() => _desk.Describe("1")).Kind, Assert.Throws<OneRecException>(() => _desk.Describe("1")).Code));
    }
}
