namespace OneRec.Cli.Commands;

/// <summary>Help for the steps, which can each be run alone.</summary>
internal static class StepGuides
{
    private const string Skips =
        "A step whose inputs and parameters are those of its last commit is up to date: it writes nothing and says so.";

    /// <summary>All steps in the order of <c>run</c>.</summary>
    public static IReadOnlyList<CommandGuide> All { get; } =
    [
        new("ingest", "catalogue files into the table items")
        {
            About =
            [
                "Reads the catalogue as it is (CSV, Parquet or Delta, one row an item), makes its fields by input.itemFields, and "
                + "merges it by item_id into the Delta table items: new items are added, changed ones replaced, the rest left "
                + "alone. A content hash per item tells embed later what has changed.",
                "With ingest.mode=snapshot what is absent is taken down; a catalogue that lacks more than ingest.maxDeleted of the "
                + "items is refused. With ingest.version the latest of several rows of one id is taken.",
                Skips,
            ],
            Reads = "input.items, input.tags, the keys of input.images",
            Writes = "items; rows that were refused by setting go to quarantine",
            Sections = ["input", "ingest"],
            Examples =
            [
                ("onerec ingest --conf conf/movielens.json", "The catalogue alone, to look at it with 'onerec sql'."),
                ("onerec ingest --conf my.json --set ingest.mode=snapshot", "A catalogue that is whole."),
                ("onerec ingest --conf my.json --set input.badRows=quarantine", "Rows that do not parse are kept apart."),
            ],
        },
        new("swing", "item-to-item similarity by Swing, from the log")
        {
            About =
            [
                "Two items are similar if many pairs of users clicked both, and those users have little else in common. "
                + "For each item the topK most similar are kept, with score, rank and the number of common users. "
                + "Scores are exact and the same at any number of threads.",
                "Before work starts the number of user pairs is told; above swing.maxUserPairs the step stops and names "
                + "the caps that would fit.",
                Skips,
            ],
            Reads = "input.interactions (user, item, time; the rows that input.where calls positive)",
            Writes = "item_similarity",
            Sections = ["input", "swing"],
            Examples =
            [
                ("onerec swing --conf conf/movielens.json --set swing.topK=50", "Fewer neighbours an item."),
                ("onerec swing --conf my.json --set swing.maxItemUsers=500", "Cap the users of the most popular items."),
            ],
        },
        new("pairs", "item pairs for alignment: i2i by Swing, u2i by history")
        {
            About =
            [
                "i2i pairs are an item's best Swing neighbours. u2i pairs join each of a user's latest clicks (the target) "
                + "with that one of the user's earlier clicks which is most similar to it by Swing. They carry the "
                + "collaborative signal that alignment teaches to the item embeddings.",
                Skips,
            ],
            Reads = "input.interactions, item_similarity",
            Writes = "item_pairs",
            Sections = ["input", "pairs"],
            Examples = [("onerec pairs --conf conf/movielens.json --set pairs.history=20", "A shorter look back.")],
        },
        new("embed", "one vector an item, by an ONNX encoder or from token vectors")
        {
            About =
            [
                "Each item's blocks (text through an ONNX encoder, ready token vectors) become one L2-normalised vector. "
                + "Only items that are new or whose content changed are scored, so it can run daily.",
                "The model id is a hash over the blocks and the model's files: another model means another set of vectors, "
                + "never a silent mixture.",
            ],
            Reads = "items, input.tokens, the model folders named in embed.inputs",
            Writes = "item_embeddings (appends)",
            Sections = ["embed"],
            Examples = [("onerec embed --conf conf/movielens.json", "Embed what is new or changed.")],
        },
        new("train", "codebooks by residual k-means (RQ-KMeans)")
        {
            About =
            [
                "Level 0 clusters the embeddings, each further level the residuals of the level before. The centroids are "
                + "the codebook. Mini-batch, out of core, and deterministic: the same vectors and seed give the same "
                + "bits at any number of threads.",
                "A new codebook is seen by nobody until 'onerec publish'.",
            ],
            Reads = "item_embeddings of the current model",
            Writes = "codebooks; its curves to quality",
            Sections = ["train"],
            Examples =
            [
                ("onerec train --conf my.json --set train.levels=3 --set train.codes=8192", "The report's size."),
                ("onerec train --conf my.json --set train.codes=[1024,512,256]", "One size a level."),
            ],
        },
        new("assign", "semantic IDs: the codes of each item")
        {
            About =
            [
                "At each level an item takes the code of the nearest centroid of its residual; the codes, coarse to fine, "
                + "are its semantic ID, such as 12-7-99. Items with equal codes are told apart by their slot, so "
                + "(codes, slot) is unique.",
                "Under a published codebook it only appends: IDs that are published do not move.",
            ],
            Reads = "item_embeddings, codebooks",
            Writes = "semantic_ids",
            Sections = ["assign"],
            Examples = [("onerec assign --conf conf/movielens.json", "IDs for items that have none yet.")],
        },
        new("evaluate", "how good the IDs are, as numbers")
        {
            About =
            [
                "Reconstruction error, code utilization, entropy and collisions, overall and by level, and how "
                + "often Swing neighbours share a prefix beside chance.",
            ],
            Reads = "semantic_ids, codebooks, item_embeddings, item_similarity",
            Writes = "quality",
            Sections = ["evaluate"],
            Examples =
            [
                ("onerec evaluate --conf conf/movielens.json", "Measure the IDs in force."),
                ("onerec sql \"SELECT metric, level, value FROM quality\" --conf conf/movielens.json", "Read the numbers."),
            ],
        },
        new("publish", "make a codebook and its IDs the ones that readers use")
        {
            About =
            [
                "Adds a generation to the table published; the view current_ids follows it. 'run' publishes by itself only "
                + "where nothing is published yet (or with publish.auto).",
            ],
            Reads = "codebooks, semantic_ids",
            Writes = "published",
            Sections = ["publish"],
            Examples =
            [
                ("onerec publish --conf my.json --set codebook=newest", "Publish the codebook that was trained last."),
            ],
        },
        new("report", "one HTML page: quality, code usage, items with their neighbours")
        {
            About =
            [
                "A self-contained page: how the objective fell, how codes are used, items by title with their "
                + "neighbours by Swing and by SID prefix, and where everything came from.",
            ],
            Reads = "all tables",
            Writes = "report.path",
            Sections = ["report"],
            Examples = [("onerec report --conf my.json --set report.path=/tmp/report.html", "The page somewhere else.")],
        },
    ];
}
