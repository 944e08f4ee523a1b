using System.CommandLine;
using OneRec.Cli.Backend;
using OneRec.Cli.Output;
using OneRec.Pipeline.Compare;
using OneRec.Report;

namespace OneRec.Cli.Commands;

/// <summary>Judges sets of semantic IDs, and embeddings, by the same measures.</summary>
internal sealed class CompareCommand : CliCommand
{
    private readonly Option<string[]> _ids;
    private readonly Option<string[]> _embeddings;
    private readonly Option<string?> _page;

    private CompareCommand(CommandGuide guide, Option<string[]> ids, Option<string[]> embeddings, Option<string?> page)
        : base(guide, ids, embeddings, page)
    {
        (_ids, _embeddings, _page) = (ids, embeddings, page);
    }

    /// <summary>The command.</summary>
    public static CompareCommand Create() => new(
        new CommandGuide("compare", "judge semantic IDs and embeddings side by side")
        {
            Usage = "[--ids SET...] [--embeddings SET...] [--page FILE] [options]",
            About =
            [
                "The same measures for several sets of IDs of one catalogue, whoever made them: how many items share an ID, how evenly "
                + "codes are used, and whether items that the same users clicked have the same prefix, beside chance.",
                "A set is current or newest, a codebook id, rqvae (an RQ-VAE trained now on the embeddings, with levels and codes of the "
                + "first set), hash, column:title, column:caption or column:tags (a value as the only code), or a file: index.json of LC-Rec, "
                + "LETTER or MiniOneRec, CSV or Parquet with item_id and sid or codes. NAME=SET renames it.",
                "With evaluate.holdout, IDs and embeddings are also judged by partners that the training part of the log does not have. "
                + "Embeddings are pool, aligned, a model id, linear (a linear map trained now with the loss of align), popular (the most "
                + "clicked items for every item) and chance. h@k: share of an item's partners among its k nearest items; f@k: without "
                + "those known from training; tail: without the 300 most clicked items; cold: items that training has not seen.",
            ],
            Reads = "items, item_embeddings, semantic_ids, codebooks, published; input.interactions",
            Sections = ["evaluate"],
            Examples =
            [
                ("onerec compare --conf my.json --ids current hash published.index.json", "Your IDs beside those of a file."),
                ("onerec compare --conf my.json --ids current rqvae --page compare.html", "The same as a page, with what each measure means."),
                (
                    "onerec compare --conf conf/movielens.json --set evaluate.holdout=users:0.2 --embeddings pool aligned linear popular chance",
                    "What alignment gains, and how much of it is popularity."),
            ],
        },
        new Option<string[]>("--ids")
        {
            HelpName = "SET",
            Description = "Sets of IDs to compare (default: current hash).",
            AllowMultipleArgumentsPerToken = true,
        },
        new Option<string[]>("--embeddings")
        {
            HelpName = "SET",
            Description = "Embeddings to compare (default: pool, the model of embed.model, popular, chance).",
            AllowMultipleArgumentsPerToken = true,
        },
        new Option<string?>("--page")
        {
            HelpName = "FILE",
            Description = "Also writes the comparison as an HTML page.",
        });

    /// <inheritdoc/>
    public override IEnumerable<string> Problems(ParseResult parse)
    {
        string? page = parse.GetValue(_page);
        return page is not null && Path.GetFileName(page).Trim().Length == 0 ? [$"--page must name a file, not a folder (got {page})"] : [];
    }

    /// <inheritdoc/>
    public override int Execute(Invocation invocation)
    {
        Session session = invocation.Open();
        PageFile? page = invocation.Parse.GetValue(_page) is { } file ? new PageFile(Path.GetFullPath(file, invocation.Terminal.WorkingDirectory), "--page") : null;
        page?.RequireWritable();
        var request = new CompareRequest(invocation.Parse.GetValue(_ids) ?? [], invocation.Parse.GetValue(_embeddings) ?? []);
        Comparison found = invocation.Progress.Watch(observer => invocation.Backend.Compare(session, request, observer));
        page?.Write(ComparePage.Render(found, invocation.Clock.GetUtcNow()));
        CompareWriter.Write(found, invocation.Format, invocation.Terminal.Out);
        return 0;
    }
}
