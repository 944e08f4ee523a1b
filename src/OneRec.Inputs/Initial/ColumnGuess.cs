namespace OneRec.Inputs.Initial;

/// <summary>Guesses the role of columns from names that are common in data sets.</summary>
internal static class ColumnGuess
{
    private static readonly string[] Users =
    [
        "userid", "user", "uid", "customerid", "customer", "memberid", "visitorid", "viewerid", "accountid", "reviewerid",
        "userhash", "sessionid", "deviceid",
    ];

    private static readonly string[] Items =
    [
        "itemid", "item", "iid", "movieid", "videoid", "productid", "articleid", "newsid", "songid", "trackid", "bookid", "gameid",
        "contentid", "docid", "postid", "photoid", "adid", "sku", "asin", "parentasin", "isbn", "productcode",
    ];

    private static readonly string[] Times =
    [
        "eventtime", "timestamp", "time", "ts", "datetime", "eventtimestamp", "unixreviewtime", "createdat", "clickedat", "timems",
        "timestampms", "eventtimems", "tsms", "unixtime", "date", "tdat", "day", "dt",
    ];

    private static readonly string[] Titles = ["title", "name", "itemname", "productname", "headline", "prodname"];

    private static readonly string[] Captions =
        ["caption", "description", "desc", "summary", "abstract", "text", "body", "overview", "detaildesc"];

    private static readonly string[] TagLists = ["tags", "genres", "categories", "category", "keywords", "topics"];

    private static readonly string[] TagWords = ["tag", "keyword", "label"];

    private static readonly string[] Ratings = ["rating", "stars", "score", "overall"];

    private static readonly string[] Flags = ["liked", "like", "click", "clicked", "isclick", "positive", "purchased"];

    /// <summary>The column of users; null if there is none.</summary>
    public static string? User(IEnumerable<string> columns) => Find(columns, Users);

    /// <summary>The column of items; null if there is none.</summary>
    public static string? Item(IEnumerable<string> columns) => Find(columns, Items);

    /// <summary>The columns that may hold times, the best guess first.</summary>
    public static IEnumerable<string> TimeColumns(IEnumerable<string> columns)
    {
        string[] all = [.. columns];
        return Times.Select(w => all.FirstOrDefault(c => Plain(c) == w)).OfType<string>();
    }

    /// <summary>The item column of a catalogue, which may also be named <c>id</c>.</summary>
    public static string? ItemOfCatalogue(IEnumerable<string> columns) => Item(columns) ?? Find(columns, ["id"]);

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

    /// <summary>The column of likes or clicks; null if there is none.</summary>
    public static string? Flag(IEnumerable<string> columns) => Find(columns, Flags);

    // Earlier words are better guesses.
    private static string? Find(IEnumerable<string> columns, string[] words)
    {
        string[] all = [.. columns];
        return words.Select(w => all.FirstOrDefault(c => Plain(c) == w)).FirstOrDefault(c => c is not null);
    }

    private static string Plain(string column) => string.Concat(column.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}
