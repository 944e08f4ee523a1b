using OneRec.Csv.Types;
using OneRec.Inputs.Sources;

namespace OneRec.Inputs.Initial;

/// <summary>The column of a log's times, and what it holds.</summary>
/// <param name="Column">Its name; null: the log has no times that can be read.</param>
/// <param name="Unit">The unit to write down; null: it is inferred.</param>
/// <param name="Comment">What to tell the user; null: nothing.</param>
internal sealed record TimeGuess(string? Column, InputTimeUnit? Unit, string? Comment)
{
    /// <summary>Looks for the times of a log.</summary>
    public static TimeGuess Of(FoundSource log)
    {
        string[] columns =
        [
            .. ColumnGuess.TimeColumns(log.Columns).Where(c => log.Source.Columns.Contains(c, StringComparer.Ordinal)),
        ];
        TimeGuess[] guesses = [.. columns.Select(c => Of(log.Source, c))];
        TimeGuess? best = guesses.FirstOrDefault(g => g.IsSure) ?? guesses.FirstOrDefault(g => g.Column is not null);
        return best ?? new TimeGuess(
            null,
            null,
            guesses.Length > 0
                ? $"No times were detected ({guesses[0].Comment}): pairs makes pairs of Swing neighbours alone. Set columns.time if there are any."
                : "No time column was detected: pairs makes pairs of Swing neighbours alone. Set columns.time if there is one.");
    }

    /// <summary>Whether the values are surely times.</summary>
    private bool IsSure { get; init; }

    private static TimeGuess Of(InputSource source, string column)
    {
        string[] values = [.. source.Values(column).Take(CsvSource.SampleRows)];
        ColumnType? type = source.TypeOf(column);
        return type switch
        {
            ColumnType.Timestamp or ColumnType.Date => new TimeGuess(column, null, null) { IsSure = true },
            ColumnType.BigInt or ColumnType.Double => OfNumbers(column, values),
            ColumnType.Text => OfTexts(source, column, values),
            _ => new TimeGuess(null, null, $"'{column}' is of another type"),
        };
    }

    private static TimeGuess OfNumbers(string column, string[] values)
    {
        IntegerTimes times = IntegerTimes.Of(values);
        string such = values.Length > 0 ? $", such as {values[0]}" : "";
        if (times.Unit is { } unit)
        {
            return new TimeGuess(column, unit, times.IsPlausible || values.Length == 0
                ? $"'{column}' holds {IntegerTimes.Name(unit)} since 1970{such}."
                : $"'{column}' holds numbers{such}, which are no times since 1990: they are read as {IntegerTimes.Name(unit)} since 1970, for their order.")
            {
                IsSure = times.IsPlausible,
            };
        }

        return times.AreDates
            ? new TimeGuess(column, InputTimeUnit.Ymd, $"'{column}' holds dates as numbers{such}.")
            : new TimeGuess(column, null, $"'{column}' {times.Problem}.");
    }

    private static TimeGuess OfTexts(InputSource source, string column, string[] values)
    {
        if (source.Sampled(column) is { TimeType: { } type } texts && texts.Strays(type) is null or { AreBadTimes: true })
        {
            return new TimeGuess(column, null, null) { IsSure = true };
        }

        bool monthFirst = values.Length > 0 && values.All(v => Fits(v, InputTimeUnit.Mdy));
        bool dayFirst = values.Length > 0 && values.All(v => Fits(v, InputTimeUnit.Dmy));
        if (monthFirst || dayFirst)
        {
            InputTimeUnit unit = monthFirst ? InputTimeUnit.Mdy : InputTimeUnit.Dmy;
            return new TimeGuess(
                column,
                unit,
                $"'{column}' holds dates with the {(monthFirst ? "month" : "day")} first, such as {values[0]}"
                    + (monthFirst && dayFirst ? "; if the day is first, write \"dmy\"." : "."))
            {
                IsSure = true,
            };
        }

        return new TimeGuess(null, null, values.Length > 0 ? $"'{column}' has '{values[0]}'" : $"'{column}' is empty");
    }

    private static bool Fits(string text, InputTimeUnit unit) => TypedText.TryMicros(System.Text.Encoding.UTF8.GetBytes(text), unit, out _);
}
