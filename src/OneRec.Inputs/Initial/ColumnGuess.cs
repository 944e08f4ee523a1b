namespace OneRec.Inputs.Initial;

/// <summary>Guesses the role of columns from names that are common in data sets.</summary>
internal static class ColumnGuess
{
    private static readonly string[] Users =
    [
        "userid", "user", "uid", "customerid", "customer", "memberid", "visitorid", "viewerid", "accountid", "reviewerid",
        "clientid", "personid", "profileid", "username", "userhash", "sessionid", "session", "deviceid",
    ];

    private static readonly string[] Items =
    [
        "itemid", "item", "iid", "movieid", "videoid", "productid", "articleid", "newsid", "songid", "trackid", "bookid", "gameid",
        "contentid", "docid", "postid", "photoid", "adid", "businessid", "appid", "animeid", "recipeid", "artistid", "venueid", "locationid",
        "jobid", "goodsid", "adgroupid", "sku", "skuid", "stockcode", "parentasin", "asin", "isbn", "productcode", "aid",
    ];

    private static readonly string[] Times =
    [
        "eventtime", "timestamp", "time", "ts", "datetime", "eventtimestamp", "unixreviewtime", "createdat", "clickedat", "timems",
        "timestampms", "eventtimems", "tsms", "unixtime", "date", "tdat", "day", "dt", "eventdate", "transactiondt", "transactiondate",
        "createtime", "viewtime", "clicktime", "dateadded",
    ];

    private static readonly string[] Titles =
    [
        "title", "name", "itemname", "productname", "headline", "prodname", "itemtitle", "movietitle", "booktitle", "newstitle", "producttitle",
        "videotitle", "songtitle", "tracktitle", "trackname", "artistname", "gamename", "appname", "recipename",
    ];

    private static readonly string[] Captions =
        ["caption", "description", "desc", "summary", "abstract", "text", "body", "overview", "plot", "detaildesc"];

    private static readonly string[] TagLists =
        ["tags", "genres", "genre", "categories", "category", "keywords", "topics", "class"];

    private static readonly string[] TagWords = ["tag", "keyword"];

    private static readonly string[] Ratings = ["rating", "stars", "score", "overall", "bookrating"];

    private static readonly string[] Flags =
        ["liked", "like", "click", "clicked", "isclick", "clk", "islike", "positive", "purchased", "isrecommended", "label"];

    private static readonly string[] Vectors =
        ["tokens", "embedding", "embeddings", "vector", "vectors", "emb", "embed", "features", "feature"];

    // A word in a name that is not in the list of times.
    private static readonly string[] TimeWords = ["time", "date", "timestamp"];

    /// <summary>The column of users; null if there is none.</summary>
    public static string? User(IEnumerable<string> columns) => Find(columns, Users);

    /// <summary>The column of items; null if there is none.</summary>
    public static string? Item(IEnumerable<string> columns) => Find(columns, Items);

    /// <summary>The columns that may hold times, the best guess first.</summary>
    public static IEnumerable<string> TimeColumns(IEnumerable<string> columns)
    {
        string[] all = [.. columns];
        return Times.Select(w => all.FirstOrDefault(c => Plain(c) == w)).OfType<string>()
            .Concat(all.Where(c => TimeWords.Any(w => Plain(c).EndsWith(w, StringComparison.Ordinal))))
            .Distinct(StringComparer.Ordinal);
    }

    /// <summary>The item column of a catalogue, which may also be named <c>id</c>, or <c>pid</c> as in OpenOneRec.</summary>
    public static string? ItemOfCatalogue(IEnumerable<string> columns) => Item(columns) ?? Find(columns, ["id", "pid"]);

    /// <summary>The column of titles; null if there is none.</summary>
    public static string? Title(IEnumerable<string> columns) => Find(columns, Titles);

    /// <summary>The column of captions; null if there is none.</summary>
    public static string? Caption(IEnumerable<string> columns) => Find(columns, Captions);

    /// <summary>The column with all tags of an item; null if there is none.</summary>
    public static string? TagList(IEnumerable<string> columns) => Find(columns, TagLists);

    /// <summary>The column with one tag; null if there is none.</summary>
    public static string? Tag(IEnumerable<string> columns) => Find(columns, TagWords);

    /// <summary>The column of ratings; null if there is none.</summary>
    public static string? Rating(IEnumerable<string> columns) => Find(columns, Ratings);

    /// <summary>The columns of likes or clicks, the best guess first.</summary>
    public static IEnumerable<string> Flag(IEnumerable<string> columns)
    {
        string[] all = [.. columns];
        return Flags.Select(w => all.FirstOrDefault(c => Plain(c) == w)).OfType<string>();
    }

    /// <summary>The column of vectors among those that hold lists of numbers; the only one, if none has a usual name. Null if there is none.</summary>
    public static string? Vector(IReadOnlyList<string> lists) => Find(lists, Vectors) ?? (lists.Count == 1 ? lists[0] : null);

    /// <summary>Whether a text is a usual name of a column.</summary>
    public static bool IsKnown(string name) => new[] { Users, Items, Times, Titles, Captions, TagLists, TagWords, Ratings, Flags, ["id", "pid"] }
        .Any(words => words.Contains(Plain(name), StringComparer.Ordinal));

    // Earlier words are better guesses.
    private static string? Find(IEnumerable<string> columns, string[] words)
    {
        string[] all = [.. columns];
        return words.Select(w => all.FirstOrDefault(c => Plain(c) == w)).FirstOrDefault(c => c is not null);
    }

    private static string Plain(string column) => string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
