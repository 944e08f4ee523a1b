using System.Globalization;
using System.Text.RegularExpressions;
using OneRec.Csv.Records;
using OneRec.Csv.Types;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Initial;

/// <summary>Names for the columns of a file that has none, by their values.</summary>
internal static partial class GuessedNames
{
    private const double Most = 0.9;
    private const double MostRating = 10;

    /// <summary>
    /// A name for each column: <c>user_id</c>, <c>item_id</c>, <c>rating</c> and <c>timestamp</c> of a log, <c>item_id</c>, <c>title</c> and <c>tags</c> of
    /// a catalogue; <c>column3</c> and so on for others.
    /// </summary>
    /// <param name="rows">The first rows, at least one, each with a text or null for every column.</param>
    public static IReadOnlyList<string> Of(IReadOnlyList<string?[]> rows)
    {
        Column[] columns = [.. Enumerable.Range(0, rows[0].Length).Select(c => new Column([.. rows.Select(r => r[c]).OfType<string>()], rows.Count))];
        string[] names = [.. columns.Select((_, c) => CsvHeader.NameOf(c))];
        int time = Array.FindIndex(columns, c => c.IsTime);
        int title = Array.FindIndex(columns, 1, c => c.HasWords);
        title = title < 0 ? Array.FindIndex(columns, 1, c => c.IsLong) : title;
        if (time < 0 && columns[0].IsUnique && title > 0)
        {
            names[0] = "item_id";
            names[title] = "title";
            int tags = Array.FindIndex(columns, c => c.IsList);
            if (tags > 0 && tags != title)
            {
                names[tags] = "tags";
            }

            return names;
        }

        int[] ids = [.. Enumerable.Range(0, columns.Length).Where(c => c != time && columns[c].IsId)];

        // Ratings come after the ids, and two ids must be left.
        int rating = Array.FindLastIndex(columns, c => c.IsRating);
        rating = rating >= 0 && ids.Count(c => c < rating) >= 2 ? rating : -1;
        ids = [.. ids.Where(c => c != rating)];
        if (ids.Length >= 2)
        {
            bool itemFirst = columns[ids[0]].IsProduct && !columns[ids[1]].IsProduct;
            names[ids[0]] = itemFirst ? "item_id" : "user_id";
            names[ids[1]] = itemFirst ? "user_id" : "item_id";
        }

        if (time >= 0)
        {
            names[time] = "timestamp";
        }

        if (rating >= 0)
        {
            names[rating] = "rating";
        }

        return names;
    }

    // Amazon's numbers of products: B0 and eight more, or an ISBN.
    [GeneratedRegex(@"\A(B0[0-9A-Z]{8}|[0-9]{9}[0-9X])\z", RegexOptions.CultureInvariant)]
    private static partial Regex Product();

    private sealed class Column
    {
        private readonly string[] _values;
        private readonly TypeInference _types = new();

        public Column(string[] values, int rows)
        {
            _values = values;
            foreach (string value in values)
            {
                _types.Add(value);
            }

            IsUnique = values.Length == rows && values.Distinct(StringComparer.Ordinal).Count() == rows;
        }

        public bool IsUnique { get; }

        public bool IsTime => _values.Length > 0
            && (_types.TimeUnit is not null || (IsNumber && IntegerTimes.Of(_values).IsPlausible));

        public bool IsRating => IsNumber && _values.Distinct(StringComparer.Ordinal).Count() is >= 2 and <= 11
            && _values.Select(v => double.Parse(v, CultureInfo.InvariantCulture)).All(v => v is >= 0 and <= MostRating);

        public bool IsProduct => Share(v => Product().IsMatch(v)) >= Most;

        public bool HasWords => Share(v => v.Contains(' ', StringComparison.Ordinal)) >= 0.3;

        public bool IsLong => Share(v => v.Length > 12 && v.Any(char.IsLetter)) >= 0.5;

        public bool IsList => Share(v => v.Contains('|', StringComparison.Ordinal)) >= 0.3;

        // A fraction is a place or an amount.
        public bool IsId => _values.Length > 0 && _types.Type != ColumnType.Double;

        private bool IsNumber => _values.Length > 0 && _types.Type is ColumnType.BigInt or ColumnType.Double;

        private double Share(Func<string, bool> holds) => _values.Length == 0 ? 0 : (double)_values.Count(holds) / _values.Length;
    }
}
